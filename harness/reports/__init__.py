"""Results for people and machines: terminal, HTML, Markdown, JSON."""
