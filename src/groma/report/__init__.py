"""What is shown of a design on paper and screen: documents, plots, and the page in one file."""
