"""What an example on a page is, and when a program's output is the one that the page shows.

What a page may hold (its examples share a folder and run in order, from top to bottom):

- A block ```console: each line `$ command`, with lines `> more of it` after it, is run by bash, and the
  lines below are what it prints, standard output and error together. A command that fails must print
  the program's own message, or the page must show the status: `; echo "exit status $?"`. A line `...`
  stands for any number of lines; at most one per command.
- A block ```python: run by Python. A block ```text right after it is what it prints.
- `<!-- file: NAME -->` before a block: the block is the content of that file.
- `<!-- run: COMMAND -->`: run, but not shown.
- `<!-- same: PATH -->` before a block: the block is that file of the repository.
- `<!-- with the example -->` before a ```console block: run by a program built with the strategy of
  docs/extending.md; only where QUOTESWEEP_ALL is set, since building takes minutes.
- A block ```diff: lines to take from and to add to a file of the repository, named by its first line
  `--- PATH`. Hunks are parted by lines `@@` without numbers: one fits where its lines are there once.

Output must be the same to the digit, results above all, except for what `PLACEHOLDERS` lists.
"""

import os
import re
from dataclasses import dataclass, field

ALL = bool(os.environ.get("QUOTESWEEP_ALL"))

# What differs from run to run or from machine to machine, and how much of a line it may be.
PLACEHOLDERS = [
    (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "TIME"),
    (r"\bquotesweep \d+\.\d+\.\d+\b", "quotesweep VERSION"),
    (r"(quotesweep VERSION) \([0-9a-f]{7,40}(-dirty)?\)", r"\1 (COMMIT)"),
    (r"\b(\d+ ranks? x) \d+ threads?\b", r"\1 THREADS"),
    (r"(against the exact recursion), \d+ threads?$", r"\1, THREADS"),
    (r"\bcomplete in (\d+\.\d s|\d+:\d\d:\d\d) \(\d+ M point-(path-steps|bars)/s\)",
     "complete in DURATION (RATE)"),
    (r"^compute   \S+( s)? of workers so far$", "compute   DURATION of workers so far"),
    (r"^time        about (\d+\.\d s|\d+:\d\d:\d\d) with \d+ threads? like this one "
     r"\([\d.]+ M (steps|bars)/s each\)$", "time        about DURATION with THREADS (RATE)"),
]
FAILURE = "[exit status "  # begins the line that a failed command adds to its output
# Told now and then by runs that take longer than some seconds.
PROGRESS = re.compile(r"^ *\d+ %  \d+ M (steps|bars)/s  .*  ETA .*$")


def normalised(line):
    for pattern, placeholder in PLACEHOLDERS:
        line = re.sub(pattern, placeholder, line)
    return line


@dataclass
class Example:
    """Something to run, and the lines of the page that say what it prints."""

    command: str
    first: int  # line of the page where the output begins
    shown: list = field(default_factory=list)
    runner: str = "bash"  # bash, python, hidden, file (content in `shown`), same, diff
    fenced: bool = True  # whether the page has a place for the output


@dataclass
class Block:
    language: str
    marker: str
    first: int  # line of the page after the opening fence
    lines: list


def blocks_of(lines):
    """The fenced blocks of a page and, as blocks of language "run", its hidden commands."""
    marker, block = "", None
    for number, line in enumerate(lines):
        if block is not None:
            if line.startswith("```"):
                yield block
                block, marker = None, ""
            else:
                block.lines.append(line)
        elif found := re.match(r"```(\w*)$", line):
            block = Block(found[1], marker, number + 1, [])
        elif found := re.match(r"<!-- run: (.*) -->$", line):
            yield Block("run", "", number, [found[1]])
        elif found := re.match(r"<!-- (.*) -->$", line):
            marker = found[1]
        elif line.strip():
            marker = ""
    assert block is None, f"line {block.first}: this block has no end"


def console_examples(block):
    examples = []
    for number, line in enumerate(block.lines, block.first):
        if line.startswith("$ "):
            examples.append(Example(line[2:], number + 1))
        elif line.startswith("> ") and examples and not examples[-1].shown:
            last = examples[-1]
            last.command, last.first = f"{last.command}\n{line[2:]}", number + 1
        else:
            assert examples, f"line {number + 1}: a console block begins with '$ command'"
            examples[-1].shown.append(line)
    return examples


def examples_of(lines):
    previous = None
    for block in blocks_of(lines):
        if block.marker.startswith("file: "):
            yield Example(block.marker[6:], block.first, block.lines, "file")
        elif block.marker.startswith("same: "):
            yield Example(block.marker[6:], block.first, block.lines, "same")
        elif block.language == "run":
            yield Example(block.lines[0], block.first, runner="hidden")
        elif block.language == "console" and block.marker == "with the example":
            if ALL:
                yield from console_examples(block)
        elif block.language == "console":
            yield from console_examples(block)
        elif block.language == "diff":
            yield Example("", block.first, block.lines, "diff")
        elif block.language == "python":
            previous = Example("\n".join(block.lines) + "\n", block.first + len(block.lines) + 1,
                               [], "python", fenced=False)
            yield previous
        elif block.language == "text" and previous is not None:
            gap = lines[previous.first:block.first - 1]
            if not any(line.strip() for line in gap):
                previous.first, previous.shown, previous.fenced = block.first, block.lines, True
        if block.language != "python":
            previous = None


def fits(shown, printed):
    shown, printed = [[normalised(line) for line in lines] for lines in (shown, printed)]
    if "..." not in shown:
        return shown == printed
    cut = shown.index("...")
    head, tail = shown[:cut], shown[cut + 1:]
    failed = bool(printed) and printed[-1].startswith(FAILURE)
    return (len(printed) >= len(head) + len(tail) and printed[:cut] == head
            and printed[len(printed) - len(tail):] == tail and not (failed and not tail))


def updated(shown, printed):
    """What the page should show: what is printed, cut where the page cut it; lines that differ only
    in placeholders stay."""
    known = {normalised(line): line for line in shown}
    printed = [known.get(normalised(line), line) for line in printed]
    if "..." not in shown:
        return printed
    cut = shown.index("...")
    return [*printed[:cut], "...", *printed[len(printed) - (len(shown) - cut - 1):]]
