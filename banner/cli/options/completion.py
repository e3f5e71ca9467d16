"""The options of ``banner completion``."""

from __future__ import annotations

import argparse

EXAMPLES = """examples:
  eval "$(banner completion bash)"        # this shell; for all, in ~/.bashrc
  banner completion bash > ~/.local/share/bash-completion/completions/banner
  banner completion zsh > ~/.zfunc/_banner       # with fpath+=~/.zfunc
  banner completion fish > ~/.config/fish/completions/banner.fish"""


def fill(parser: argparse.ArgumentParser) -> None:
    """Which shell."""
    parser.description = (
        "Print a script that lets a shell complete commands, options, their values and files."
    )
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), metavar="SHELL", help="bash, zsh or fish")
