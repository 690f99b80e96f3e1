"""What moto lacks or does otherwise than AWS, one file per service.

`answers` replaces moto for an operation, `prepares` changes or refuses a call before moto sees it,
`amends` completes moto's result, `forgets` clears what a file remembers, `witnesses` sees each call
that changed something.
"""

from __future__ import annotations

from collections.abc import Callable

ANSWERS: dict[str, Callable] = {}
PREPARES: dict[str, Callable] = {}
AMENDS: dict[str, Callable] = {}
FORGETS: list[Callable] = []
WITNESSES: list[Callable] = []
# What tests ask of the endpoint (`control.Control`), for what takes a while.
control = None


def registrar(table: dict[str, Callable]) -> Callable:
    def register(*names: str) -> Callable:
        def keep(function: Callable) -> Callable:
            for name in names:
                table[name] = function
            return function

        return keep

    return register


answers = registrar(ANSWERS)
prepares = registrar(PREPARES)
amends = registrar(AMENDS)


def forgets(function: Callable) -> Callable:
    FORGETS.append(function)
    return function


def witnesses(function: Callable) -> Callable:
    WITNESSES.append(function)
    return function


def load() -> None:
    """Imports every file of this package, which registers what it fills."""
    from . import (  # noqa: F401
        accounts,
        acm,
        application_autoscaling,
        cloudtrail,
        cloudwatch,
        dynamodb,
        ec2,
        ec2_network,
        ecs,
        ecs_deployments,
        ecs_services,
        elasticache,
        elasticache_groups,
        elbv2,
        elbv2_listeners,
        elbv2_targets,
        events,
        iam,
        kms,
        logs,
        logs_filters,
        route53,
        s3,
        secretsmanager,
        sns,
        sqs,
        ssm,
        sso,
        tagging,
    )
