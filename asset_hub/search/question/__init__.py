"""From what was typed to a question, and from an answer to words and addresses."""
