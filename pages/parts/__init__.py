"""What the pages share: the frame around them, and how a chart, a table or a figure is shown."""
