"""What looks at or changes a whole home: doctor, maintenance, findings made anew, moves."""
