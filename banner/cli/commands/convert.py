"""``banner convert``: records from one format into another, a piece at a time."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import partial
from itertools import islice

from ...formats.files import OutputError, OutputInUseError, OverwritesInputError, check_inputs
from ...formats.reader import read_records
from ...formats.registry import format_of, is_known, names, open_sink
from ...models import Grab
from ...text.nearest import nearest_or_all
from . import running
from .complaints import Complaints

BATCH = 500
"""Records in hand at once."""


def run(options: argparse.Namespace) -> int:
    """Exit status: 0 done, 2 usage or something damaged in the input, 3 the output could not be written."""
    complaints = Complaints(running.complain, each=3)
    bad = partial(complaints, options.source)
    try:
        check_inputs([options.output], [options.source])
        form = options.format or format_of(options.output)
        if not is_known(form):
            raise ValueError(f"no format {form!r}{nearest_or_all(form, names())}")
    except (ValueError, OverwritesInputError) as error:
        options.parser.error(str(error))
    try:
        _copy(read_records(options.source, bad), options.output, form)
    except BrokenPipeError:
        return 0  # the reader has what it wanted
    except OutputInUseError as error:
        options.parser.error(str(error))
    except OutputError as error:
        running.complain(str(error))
        return 3
    except OSError as error:
        options.parser.error(f"{options.source}: {error.strerror or error}")
    except (ValueError, ImportError) as error:
        options.parser.error(f"{options.source}: {error}")
    except KeyboardInterrupt:
        return 130
    complaints.end()
    return 2 if complaints.count else 0


def _copy(grabs: Iterator[Grab], output: str, form: str) -> None:
    # The first records are read before the output is opened: a wrong name must not cost an old file.
    batch = list(islice(grabs, BATCH))
    sink = open_sink(output, form)
    try:
        while batch:
            sink.write(batch)
            batch = list(islice(grabs, BATCH))
    finally:
        sink.close()
