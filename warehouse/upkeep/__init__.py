"""What keeps a warehouse true and takes it elsewhere: checks, retag, export."""
