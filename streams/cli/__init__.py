"""The command line, `dragoman`: what people type, and nothing that decides.

One module a command in `commands`; what they share lies beside it. A command's module is imported
only when it is called, so that `--help` is quick.
"""

import sys

EXIT_INTERRUPTED = 130


def main() -> None:
    """Runs the command line and leaves with its exit code.

    0 is well; 1 something failed or was refused; 2 wrong usage, settings or data files, all of it
    told at once; 130 interrupted.
    """
    import click  # noqa: PLC0415 - with the rest, only when it is run

    from streams.cli.group import dragoman  # noqa: PLC0415

    try:
        code = dragoman.main(prog_name="dragoman", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except click.Abort:
        code = EXIT_INTERRUPTED
    except BrokenPipeError:
        # Whoever read us, such as `head`, has enough; nothing must be written any more.
        sys.stderr.close()
        code = 0
    sys.exit(code if isinstance(code, int) else 0)
