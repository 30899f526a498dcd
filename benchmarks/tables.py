"""Tables for people."""


def show(title, heads, rows):
    """A title and columns; the first is left-aligned, the others right."""
    cells = [[str(cell) for cell in row] for row in (heads, *rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(heads))]
    print(f"\n{title}\n")
    for number, row in enumerate(cells):
        line = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        print("  " + "   ".join(line))
        if number == 0:
            print("  " + "   ".join("─" * width for width in widths))
