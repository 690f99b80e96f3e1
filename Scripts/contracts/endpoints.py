"""AWS's endpoints, by the rule sets that its SDKs follow: the exceptions from
`{endpointPrefix}.{region}.{dnsSuffix}`, which generate.py embeds, and what the rule sets say for every
region of every partition, one by one, for a test to compare with."""

import re
import sys

# Name of each variant, and what the rule sets are asked with.
VARIANTS = {
    "plain": {"UseFIPS": False, "UseDualStack": False},
    "fips": {"UseFIPS": True, "UseDualStack": False},
    "dualstack": {"UseFIPS": False, "UseDualStack": True},
    "dualstack-fips": {"UseFIPS": True, "UseDualStack": True},
}
# What the SDKs set besides where a service has it: regional endpoints, not the ones of old.
SETTINGS = {"UseGlobalEndpoint": False}


class Endpoints:
    """The rule set of one service."""

    def __init__(self, loader, service):
        from botocore.endpoint_provider import EndpointProvider

        metadata = loader.load_service_model(service, "service-2")["metadata"]
        self.service = service
        self.prefix = metadata["endpointPrefix"]
        self.signing_name = metadata.get("signingName", self.prefix)
        rules = loader.load_service_model(service, "endpoint-rule-set-1")
        self.settings = {key: SETTINGS[key] for key in SETTINGS if key in rules["parameters"]}
        self.provider = EndpointProvider(rules, loader.load_data("partitions"))

    def resolve(self, region, variant):
        """Host and signing region; None where AWS has no such endpoint."""
        from botocore.exceptions import EndpointProviderError

        try:
            found = self.provider.resolve_endpoint(
                Region=region, **VARIANTS[variant], **self.settings)
        except EndpointProviderError:
            return None
        host = found.url.removeprefix("https://")
        scheme = next(
            (s for s in found.properties.get("authSchemes", []) if s["name"] == "sigv4"), {})
        if "/" in host or scheme.get("signingName", self.signing_name) != self.signing_name:
            sys.exit(f"{self.service} in {region}: {found} is an endpoint that AWSClient does not know")
        return {"host": host, "signingRegion": scheme.get("signingRegion", region)}

    def exceptions(self, partition):
        """By variant, where it is not as the partition's others: host with `{region}` in it and, where
        it is not that region, the one to sign for; and single regions that differ from that."""
        result = {}
        for variant in VARIANTS:
            rule = template(self.resolve(future(partition), variant), future(partition))
            single = {}
            for region in regions(partition):
                found = self.resolve(region, variant)
                if found != expanded(rule, region):
                    single[region] = template(found, region)
            if rule == self.standard(partition, variant) and not single:
                continue
            result[variant] = {**(rule or {}), **({"regions": single} if single else {})} or None
        return result

    def standard(self, partition, variant):
        outputs = partition["outputs"]
        suffix = outputs["dualStackDnsSuffix" if "dualstack" in variant else "dnsSuffix"]
        fips = "-fips" if "fips" in variant else ""
        return {"host": f"{self.prefix}{fips}.{{region}}.{suffix}"}


def regions(partition):
    """Without those that stand for a whole partition."""
    return sorted(region for region in partition["regions"] if not region.endswith("-global"))


def future(partition):
    """A region that the partition may have one day."""
    return re.sub(r"\d+$", "99", regions(partition)[0])


def template(endpoint, region):
    if endpoint is None:
        return None
    rule = {"host": endpoint["host"].replace(region, "{region}")}
    if endpoint["signingRegion"] != region:
        rule["signingRegion"] = endpoint["signingRegion"]
    return rule


def expanded(rule, region):
    if rule is None:
        return None
    host = rule["host"].replace("{region}", region)
    return {"host": host, "signingRegion": rule.get("signingRegion", region)}


def partitions_of(loader, services):
    """Per partition: DNS suffixes, region pattern, regions, and which services differ from
    `{endpointPrefix}.{region}.{dnsSuffix}`, signed for that region."""
    rules = [Endpoints(loader, service) for service in services]
    partitions = {}
    for partition in loader.load_data("partitions")["partitions"]:
        exceptions = {rule.service: rule.exceptions(partition) for rule in rules}
        partitions[partition["id"]] = {
            "dnsSuffix": partition["outputs"]["dnsSuffix"],
            "dualStackDnsSuffix": partition["outputs"]["dualStackDnsSuffix"],
            "regionRegex": partition["regionRegex"],
            "regions": sorted(partition["regions"]),
            "services": {service: found for service, found in exceptions.items() if found},
        }
    return partitions


def fixture(loader, services):
    """By service and variant: each host, `{region}` in place of the region, signing region and the
    regions of which that is true."""
    result = {}
    for service in services:
        rules = Endpoints(loader, service)
        for variant in VARIANTS:
            groups = {}
            for partition in loader.load_data("partitions")["partitions"]:
                for region in [*regions(partition), future(partition)]:
                    found = template(rules.resolve(region, variant), region) or {}
                    group = (found.get("host", ""), found.get("signingRegion", ""))
                    groups.setdefault(group, []).append(region)
            result[f"{service} {variant}"] = [
                {"host": host, "signingRegion": signing, "regions": " ".join(members)}
                for (host, signing), members in groups.items()
            ]
    return result
