"""Elastic Load Balancing: listeners, their rules and certificates, as AWS answers them.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/
"""

import copy

from gaps import answers
from gaps.elbv2 import drop_listener, find, keep, limited, new_id, settings, shown, state, write, written
from wire import AWSError

AUTHENTICATION = {
    "SessionCookieName": "AWSELBAuthSessionCookie",
    "Scope": "openid",
    "SessionTimeout": 604800,
    "AuthenticationRequestExtraParams": {},
    "OnUnauthenticatedRequest": "authenticate",
}
REDIRECT = {
    "Protocol": "#{protocol}",
    "Port": "#{port}",
    "Host": "#{host}",
    "Path": "/#{path}",
    "Query": "#{query}",
}
SECURE = ("HTTPS", "TLS")
HEADERS = (
    "x_amzn_mtls_clientcert_serial_number",
    "x_amzn_mtls_clientcert_issuer",
    "x_amzn_mtls_clientcert_subject",
    "x_amzn_mtls_clientcert_validity",
    "x_amzn_mtls_clientcert_leaf",
    "x_amzn_mtls_clientcert",
    "x_amzn_tls_version",
    "x_amzn_tls_cipher_suite",
)
RESPONSES = (
    "strict_transport_security",
    "access_control_allow_origin",
    "access_control_allow_methods",
    "access_control_allow_headers",
    "access_control_allow_credentials",
    "access_control_expose_headers",
    "access_control_max_age",
    "content_security_policy",
    "x_content_type_options",
    "x_frame_options",
)


def acted(call, actions: list[dict], before: list[dict] | None = None) -> list[dict]:
    """Actions as they are shown: in order, with what AWS fills in and without secrets."""
    if len(actions) > 1 and any("Order" not in action for action in actions):
        raise AWSError("ValidationError", "An order must be specified for several actions")
    found = []
    for index, action in enumerate(copy.deepcopy(actions)):
        action.setdefault("Order", index + 1)
        if action["Type"] == "forward":
            forward(call, action)
        if action["Type"] == "redirect":
            action["RedirectConfig"] = {**REDIRECT, **action["RedirectConfig"]}
        for name in ("AuthenticateOidcConfig", "AuthenticateCognitoConfig"):
            if name in action:
                config = {**AUTHENTICATION, **action[name]}
                keeps = config.pop("UseExistingClientSecret", False) and before is not None
                secret = config.pop("ClientSecret", None)
                if name == "AuthenticateOidcConfig" and secret is None and not keeps:
                    raise AWSError("InvalidLoadBalancerAction", "A client secret must be specified")
                action[name] = config
        found.append(action)
    return sorted(found, key=lambda action: action["Order"])


def forward(call, action: dict):
    """Both spellings are shown where one group is meant."""
    config = action.setdefault("ForwardConfig", {})
    single = action.get("TargetGroupArn")
    groups = config.setdefault("TargetGroups", [{"TargetGroupArn": single}] if single else [])
    if not groups:
        raise AWSError("ValidationError", "A target group ARN must be specified")
    for entry in groups:
        find(call, entry["TargetGroupArn"])
        entry.setdefault("Weight", 1)
    sticky = config.setdefault("TargetGroupStickinessConfig", {"Enabled": False})
    sticky.setdefault("Enabled", False)
    if len(groups) == 1:
        action["TargetGroupArn"] = groups[0]["TargetGroupArn"]


# Listeners


def certificates(params: dict) -> list[dict]:
    found = params.get("Certificates", [])
    if len(found) != 1:
        raise AWSError(
            "ValidationError", "Exactly one certificate must be specified for a secure listener"
        )
    return found


def secured(params: dict) -> dict:
    """What a listener of HTTPS or TLS has besides."""
    found = {
        "Certificates": certificates(params),
        "SslPolicy": params.get("SslPolicy", "ELBSecurityPolicy-2016-08"),
    }
    if params["Protocol"] == "HTTPS":
        found["MutualAuthentication"] = params.get("MutualAuthentication", {"Mode": "off"})
    elif "AlpnPolicy" in params:
        found["AlpnPolicy"] = params["AlpnPolicy"]
    return found


def listener_attributes(kind: str) -> dict:
    if kind != "application":
        return {"tcp.idle_timeout.seconds": "350"}
    return {
        **{f"routing.http.request.{name}.header_name": "" for name in HEADERS},
        **{f"routing.http.response.{name}.header_value": "" for name in RESPONSES},
        "routing.http.response.server.enabled": "true",
    }


@answers("elbv2:CreateListener")
def create_listener(call):
    params = call.params
    balancer = find(call, params["LoadBalancerArn"])
    for known in state(call).listeners.values():
        if known["LoadBalancerArn"] == params["LoadBalancerArn"] and known.get(
            "Port"
        ) == params.get("Port"):
            if known["_settings"] != settings(params):
                raise AWSError("DuplicateListener", "A listener already exists on this port")
            return {"Listeners": [shown(known)]}
    own = f"{params['LoadBalancerArn'].replace(':loadbalancer/', ':listener/')}/{new_id()}"
    made = {"ListenerArn": own, "LoadBalancerArn": params["LoadBalancerArn"]}
    made.update({key: params[key] for key in ("Port", "Protocol") if key in params})
    if params.get("Protocol") in SECURE:
        made.update(secured(params))
    elif {"Certificates", "SslPolicy", "AlpnPolicy", "MutualAuthentication"} & set(params):
        raise AWSError("ValidationError", "A listener of this protocol has no certificates")
    made["DefaultActions"] = acted(call, params["DefaultActions"])
    state(call).listeners[own] = keep(
        call, own, made, _attributes=listener_attributes(balancer["Type"]), _others=[]
    )
    return {"Listeners": [shown(state(call).listeners[own])]}


@answers("elbv2:DescribeListeners")
def describe_listeners(call):
    arns, balancer = limited(call.params.get("ListenerArns", [])), call.params.get("LoadBalancerArn")
    if not arns and not balancer:
        raise AWSError("ValidationError", "A load balancer or listeners must be specified")
    if balancer:
        find(call, balancer)
        found = [l for l in state(call).listeners.values() if l["LoadBalancerArn"] == balancer]
    else:
        found = [find(call, own) for own in arns]
    return {"Listeners": [shown(listener) for listener in found]}


@answers("elbv2:ModifyListener")
def modify_listener(call):
    params = call.params
    known = find(call, params["ListenerArn"])
    after = {**known, **{k: params[k] for k in ("Port", "Protocol") if k in params}}
    others = [l for l in state(call).listeners.values() if l is not known]
    if any(
        l["LoadBalancerArn"] == known["LoadBalancerArn"] and l.get("Port") == after.get("Port")
        for l in others
    ):
        raise AWSError("DuplicateListener", "A listener already exists on this port")
    names = ("Certificates", "SslPolicy", "AlpnPolicy", "MutualAuthentication")
    given = {key: params[key] for key in names if key in params}
    kept = {key: known[key] for key in names if key in known}
    for key in names:
        after.pop(key, None)
    if after.get("Protocol") in SECURE:
        after.update(secured({"Protocol": after["Protocol"], **kept, **given}))
    elif given:
        raise AWSError("ValidationError", "A listener of this protocol has no certificates")
    if "DefaultActions" in params:
        after["DefaultActions"] = acted(call, params["DefaultActions"], known["DefaultActions"])
    known.clear()
    known.update(after)
    return {"Listeners": [shown(known)]}


@answers("elbv2:DeleteListener")
def delete_listener(call):
    find(call, call.params["ListenerArn"])
    drop_listener(call, call.params["ListenerArn"])
    return {}


@answers("elbv2:DescribeListenerAttributes")
def describe_attributes(call):
    return written(find(call, call.params["ListenerArn"])["_attributes"])


@answers("elbv2:ModifyListenerAttributes")
def modify_attributes(call):
    return write(call, call.params["ListenerArn"])


# Certificates for other names


@answers("elbv2:DescribeListenerCertificates")
def describe_certificates(call):
    known = find(call, call.params["ListenerArn"])
    own = [{**certificate, "IsDefault": True} for certificate in known.get("Certificates", [])]
    return {
        "Certificates": own
        + [{"CertificateArn": other, "IsDefault": False} for other in known["_others"]]
    }


@answers("elbv2:AddListenerCertificates")
def add_certificates(call):
    known = find(call, call.params["ListenerArn"])
    if known.get("Protocol") not in SECURE:
        raise AWSError("UnsupportedProtocol", "Certificates are of secure listeners")
    wanted = [c["CertificateArn"] for c in call.params["Certificates"]]
    after = known["_others"] + [c for c in wanted if c not in known["_others"]]
    if len(after) > 25:
        raise AWSError("TooManyCertificates", "A load balancer has 25 certificates at most")
    known["_others"] = after
    return {"Certificates": call.params["Certificates"]}


@answers("elbv2:RemoveListenerCertificates")
def remove_certificates(call):
    known = find(call, call.params["ListenerArn"])
    wanted = [c["CertificateArn"] for c in call.params["Certificates"]]
    default = [c["CertificateArn"] for c in known.get("Certificates", [])]
    if any(c in default and c not in known["_others"] for c in wanted):
        raise AWSError("OperationNotPermitted", "Default certificate cannot be removed")
    known["_others"] = [c for c in known["_others"] if c not in wanted]
    return {}


# Rules


def conditioned(conditions: list[dict]) -> list[dict]:
    """Hosts and paths are shown in both spellings, hosts in small letters."""
    found = []
    for condition in copy.deepcopy(conditions):
        names = {"host-header": "HostHeaderConfig", "path-pattern": "PathPatternConfig"}
        name = names.get(condition["Field"])
        if name:
            config = condition.setdefault(name, {})
            for key in ("Values", "RegexValues"):
                values = config.get(key) or condition.get(key)
                if values and key == "Values" and name == "HostHeaderConfig":
                    values = [value.lower() for value in values]
                if values:
                    config[key] = condition[key] = values
            if not config:
                raise AWSError("ValidationError", "A condition value must be specified")
        found.append(condition)
    return found


@answers("elbv2:CreateRule")
def create_rule(call):
    params = call.params
    find(call, params["ListenerArn"])
    check_priorities(call, params["ListenerArn"], {"": params["Priority"]})
    own = f"{params['ListenerArn'].replace(':listener/', ':listener-rule/')}/{new_id()}"
    made = {
        "RuleArn": own,
        "Priority": str(params["Priority"]),
        "Conditions": conditioned(params["Conditions"]),
        "Actions": acted(call, params["Actions"]),
        "IsDefault": False,
        "Transforms": params.get("Transforms", []),
    }
    state(call).rules[own] = keep(call, own, made, _listener=params["ListenerArn"])
    return {"Rules": [shown(state(call).rules[own])]}


def check_priorities(call, listener: str, wanted: dict):
    """Looks at the order that comes of it: rule ARN -> priority, of those that change."""
    rules = [r for r in state(call).rules.values() if r["_listener"] == listener]
    after = [int(r["Priority"]) for r in rules if r["RuleArn"] not in wanted]
    after += wanted.values()
    if len(set(after)) < len(after):
        raise AWSError("PriorityInUse", "Priority is currently in use")


@answers("elbv2:SetRulePriorities")
def set_priorities(call):
    wanted = {pair["RuleArn"]: pair["Priority"] for pair in call.params["RulePriorities"]}
    rules = [find(call, own) for own in wanted]
    for listener in {rule["_listener"] for rule in rules}:
        own = {r["RuleArn"]: wanted[r["RuleArn"]] for r in rules if r["_listener"] == listener}
        check_priorities(call, listener, own)
    for rule in rules:
        rule["Priority"] = str(wanted[rule["RuleArn"]])
    return {"Rules": [shown(rule) for rule in rules]}


@answers("elbv2:DescribeRules")
def describe_rules(call):
    arns, listener = limited(call.params.get("RuleArns", [])), call.params.get("ListenerArn")
    if bool(arns) == bool(listener):
        raise AWSError("ValidationError", "Either a listener or rules must be specified")
    if arns:
        return {"Rules": [shown(find(call, own)) for own in arns]}
    known = find(call, listener)
    rules = [r for r in state(call).rules.values() if r["_listener"] == listener]
    default = {
        "RuleArn": f"{listener.replace(':listener/', ':listener-rule/')}/{'0' * 16}",
        "Priority": "default",
        "Conditions": [],
        "Actions": known["DefaultActions"],
        "IsDefault": True,
    }
    return {"Rules": [shown(r) for r in sorted(rules, key=lambda r: int(r["Priority"]))] + [default]}


@answers("elbv2:ModifyRule")
def modify_rule(call):
    rule = find(call, call.params["RuleArn"])
    if "Conditions" in call.params:
        rule["Conditions"] = conditioned(call.params["Conditions"])
    if "Actions" in call.params:
        rule["Actions"] = acted(call, call.params["Actions"], rule["Actions"])
    if call.params.get("ResetTransforms"):
        rule["Transforms"] = []
    elif "Transforms" in call.params:
        rule["Transforms"] = call.params["Transforms"]
    return {"Rules": [shown(rule)]}


@answers("elbv2:DeleteRule")
def delete_rule(call):
    find(call, call.params["RuleArn"])
    del state(call).rules[call.params["RuleArn"]]
    state(call).tags.pop(call.params["RuleArn"], None)
    return {}
