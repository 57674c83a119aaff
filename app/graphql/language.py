"""The languages that answers and files can be had in, as the API names them."""

from enum import Enum

import strawberry


@strawberry.enum(description="What sentences are said in.")
class Language(Enum):
    RU = "ru"
    EN = "en"
