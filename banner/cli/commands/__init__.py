"""The commands of the command line, one per file; each has ``run(options) -> exit status``."""
