"""What moto works out anew at every request and never changes: here it is worked out once, or in less time.

Nothing that moto answers is different.
"""

import functools
import string
from types import SimpleNamespace

import xml_text
from moto import backends
from moto.core import responses, serialize
from moto.iam import models
from moto.moto_api._internal.moto_random import MotoRandom


def install():
    modules = list(backends.list_of_moto_modules())  # the folders beside moto's own, looked for at every request
    backends.list_of_moto_modules = lambda: modules
    # The methods of a class of answers, every one of which is inspected.
    responses.method_names_from_class = functools.cache(responses.method_names_from_class)
    # Documents are percent-encoded byte by byte, and AWS managed policies have up to 40 KB.
    quote = functools.lru_cache(maxsize=10_000)(models.parse.quote)
    models.parse = SimpleNamespace(quote=quote, urlparse=models.parse.urlparse)
    serialize.xmltodict = xml_text
    picker = serialize.XFormedAttributePicker
    picker.get_possible_keys = _once_for_each_class(picker.get_possible_keys)
    # The 52 characters of the id that each request gets, drawn one by one.
    MotoRandom.get_random_string = _drawn_at_once(MotoRandom.get_random_string)


def _once_for_each_class(find):
    """Under which names a member of an answer may stand in an object: that is the same for all objects of a class."""
    found = {}

    def keys(self, context):
        place = (type(context.obj), context.key, context.shape)
        if place not in found:
            found[place] = list(find(self, context))
        return found[place]

    return keys


def _drawn_at_once(whole):
    def get_random_string(self, length=20, include_digits=True, lower_case=False):
        if lower_case or not include_digits:
            return whole(self, length, include_digits, lower_case)
        return "".join(self.choices(string.ascii_letters + string.digits, k=length))

    return get_random_string
