"""What others wrote, bounded and made harmless: lines of files, compressed input, XML, and text for a
terminal.

Nothing here knows what the text is about; every reader has a limit, and no input makes it work for nothing.
``files`` alone touches the system: how a file is opened, where systems differ.
"""

__all__ = [
    "compression",
    "files",
    "lean",
    "lines",
    "markup",
    "nearest",
    "patterns",
    "plugged",
    "safe",
    "taken",
    "utf16",
    "width",
]
