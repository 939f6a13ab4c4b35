"""Start the app: `python run.py`, or `streamlit run app.py`.

Nothing is imported until Streamlit runs the file: worker processes that the app spawns load it
too, and must stay small.
"""


def main() -> None:
    """Draw the frame and the page that was chosen."""
    from pages.parts import frame

    frame.start()


if __name__ == "__main__":
    main()
