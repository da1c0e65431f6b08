"""Looks at pixels and reports facts: kind, text, layout, codes, things, colours."""
