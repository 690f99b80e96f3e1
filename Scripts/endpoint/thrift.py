"""What moto would make anew with every reset or request, made once."""

from __future__ import annotations

import copy
import functools

from moto.core import responses
from moto.iam.models import IAMBackend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication

make_policies = IAMBackend._init_aws_policies


@functools.cache
def made_policies(account: str, region: str) -> list:
    """AWS's own managed policies, more than a thousand, as nobody has attached them."""
    maker = IAMBackend.__new__(IAMBackend)
    maker.account_id, maker.region_name = account, region
    return make_policies(maker)


def policies(backend: IAMBackend) -> list:
    return [copy.copy(policy) for policy in made_policies(backend.account_id, backend.region_name)]


class Dispatcher(DomainDispatcherApplication):
    """Looks through moto's modules and patterns once per host."""

    def __init__(self, create_app):
        super().__init__(create_app)
        self.backends: dict = {}

    def get_backend_for_host(self, host):
        if host not in self.backends:
            self.backends[host] = super().get_backend_for_host(host)
        return self.backends[host]


def install() -> None:
    IAMBackend._init_aws_policies = policies
    responses.method_names_from_class = functools.cache(responses.method_names_from_class)
