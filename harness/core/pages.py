"""Where a version keeps the pages that its articles were taken from, and which of them stay where they are."""

from harness.core.recipe import Recipe


def page_path(source: str) -> str:
    """Name the file of a source's pages inside a version folder; sources are named by the recipe."""
    return f"pages/{source}.parquet"


def withheld_files(recipe: Recipe) -> frozenset[str]:
    """Name the files that are not passed on: pages of sources that state no licence for them.

    A page holds what others own than the article: layout, pictures' captions, comments, advertisements.
    """
    return frozenset(
        page_path(source.name)
        for source in recipe.sources
        if source.keep_pages and not (source.pages_license or "").strip()
    )
