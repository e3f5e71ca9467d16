"""A scan as one self-contained page, and the difference of two scans."""
