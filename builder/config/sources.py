"""bot.toml's `[sources]`: folders, websites, tables of databases and LangChain loaders."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from builder.config.base import Positive, Section

ColumnMeaning = Literal[
    "sku",
    "name",
    "brand",
    "category",
    "price",
    "currency",
    "tax",
    "description",
    "availability",
    "url",
    "image",
    "parent",
    "option",
    "attribute",
    "ignore",
]


class TableSection(Section):
    """A table of a database, or the rows of a query."""

    name: str = Field(min_length=1)
    """Begins the `source` of its documents."""
    url: str = ""
    """SQLAlchemy's address, without a password."""
    url_env: str = ""
    """Name of the environment variable that holds the address."""
    table: str = ""
    query: str = ""
    """One SELECT of the owner's."""
    key: tuple[str, ...] = ()
    """Columns that tell the rows apart; a table's primary key where it has one."""
    read_as: Literal["auto", "products", "documents", "rows"] = "auto"
    title: str = ""
    """Column with a row's title, where rows become documents."""
    text: tuple[str, ...] = ()
    """Columns that make the text, where rows become documents."""
    updated: str = ""
    """Column that changes whenever the row does."""

    @model_validator(mode="after")
    def _one_of_each(self) -> TableSection:
        if bool(self.url) == bool(self.url_env):
            raise ValueError("needs either url or url_env")
        if bool(self.table) == bool(self.query):
            raise ValueError("needs either table or query")
        return self


class LoaderSection(Section):
    """A LangChain document loader."""

    name: str = Field(min_length=1)
    """Begins the `source` of its documents."""
    loader: str = Field(pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$")
    """Dotted path of the class."""
    args: dict[str, Any] = Field(default_factory=dict)
    """Its arguments; `{env = "NAME"}` stands for an environment variable's value."""
    seconds: Positive = 600
    """Most that one run may take."""


class WebSection(Section):
    """How websites are crawled."""

    depth: Annotated[int, Field(ge=0, le=50)] = 3
    """Most links from the start page to a page."""
    pages: Annotated[int, Field(ge=1, le=50_000)] = 500
    """Most pages and files that are imported from one site."""
    requests_per_second: Annotated[float, Field(gt=0.0, le=50.0)] = 2.0
    seconds_per_request: Positive = 30
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    allow_private_hosts: tuple[str, ...] = ()
    """Hosts that may lead to private addresses."""
    auth_header_env: str = ""
    """Name of the environment variable that holds the `Authorization` header."""
    contact: str = ""
    """Stands in the user agent."""


class SourcesSection(Section):
    """What is imported."""

    paths: tuple[str, ...] = ()
    tables: tuple[TableSection, ...] = ()
    loaders: tuple[LoaderSection, ...] = ()
    ignore: tuple[str, ...] = ()
    columns: dict[str, ColumnMeaning] = Field(default_factory=dict)
    """Heading of a catalogue's column → what it holds."""
    max_file_mb: Positive = 100
    seconds_per_file: Positive = 120
    memory_mb: Positive = 2000
    pdf_password_env: str = "MONOSHIRI_PDF_PASSWORDS"  # noqa: S105 - a variable's name
    """Name of the environment variable that holds the passwords of PDFs, one a line."""
    ocr: Literal["off", "auto", "images"] = "auto"
    """`auto`: scanned pages of PDFs, where tesseract is installed; `images`: pictures too."""
    web: WebSection = WebSection()

    @model_validator(mode="after")
    def _names_differ(self) -> SourcesSection:
        names = [table.name for table in self.tables] + [own.name for own in self.loaders]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two tables or loaders have the name {', '.join(twice)}")
        return self
