"""What is on, day by day: a page, a sheet of paper, a calendar to subscribe to."""
