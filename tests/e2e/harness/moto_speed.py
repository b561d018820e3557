"""What moto works out anew at every request and never changes: here it is worked out once.

Nothing that moto answers is different.
"""

import functools
from types import SimpleNamespace

from moto import backends
from moto.core import responses
from moto.iam import models


def install():
    modules = list(backends.list_of_moto_modules())  # the folders beside moto's own, looked for at every request
    backends.list_of_moto_modules = lambda: modules
    # The methods of a class of answers, every one of which is inspected.
    responses.method_names_from_class = functools.cache(responses.method_names_from_class)
    # Documents are percent-encoded byte by byte, and AWS managed policies have up to 40 KB.
    quote = functools.lru_cache(maxsize=10_000)(models.parse.quote)
    models.parse = SimpleNamespace(quote=quote, urlparse=models.parse.urlparse)
