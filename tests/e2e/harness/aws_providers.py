"""Calls on OIDC providers that moto lacks, as the IAM API reference describes them."""

from moto.core.responses import EmptyResult
from moto.iam.responses import IamResponse


def _provider(response):
    return response.backend.get_open_id_connect_provider(response._get_param("OpenIDConnectProviderArn"))


def _add_client_id(response):
    """Idempotent."""
    provider, client = _provider(response), response._get_param("ClientID")
    provider.client_id_list = [*(one for one in provider.client_id_list if one != client), client]
    return EmptyResult()


def _remove_client_id(response):
    """Idempotent."""
    provider, client = _provider(response), response._get_param("ClientID")
    provider.client_id_list = [one for one in provider.client_id_list if one != client]
    return EmptyResult()


def install():
    IamResponse.add_client_id_to_open_id_connect_provider = _add_client_id
    IamResponse.remove_client_id_from_open_id_connect_provider = _remove_client_id
