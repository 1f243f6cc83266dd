"""What the directory decides, without a database, a request or a clock."""
