"""`python -m app` is `stock-tracker`: how the product starts parts of itself."""

from app.cli import main

if __name__ == "__main__":
    main()
