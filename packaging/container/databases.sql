-- Beside the database `sinowire`, which holds the catalog of the lake.
create database prefect;
