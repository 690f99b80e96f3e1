"""Records how botocore speaks, for the Swift client to be compared with.

    python3 Scripts/contracts/fixtures.py            writes both files
    python3 Scripts/contracts/fixtures.py --check    exits 1 when the committed files differ

In Tests/AWSClientTests/Fixtures: `requests.json` has what botocore sends for a table of real calls,
and for every selected operation with every member of its input; `replies.json` has what it reads
from a reply with every member of the output. Nothing is sent: each request is taken just before it
would be signed.
"""

import argparse
import datetime
import json
import os
import unittest.mock
import uuid
import xml.etree.ElementTree as ElementTree
from urllib.parse import urlsplit

import botocore.model
import botocore.parsers
import botocore.session
from botocore import UNSIGNED
from botocore.awsrequest import AWSResponse, HeadersDict
from botocore.config import Config

import selection
import synthesis
from generate import PROTOCOLS, ROOT, fail, require_pinned

FIXTURES = ROOT / "Tests" / "AWSClientTests" / "Fixtures"
TOKEN = "00000000-0000-4000-8000-000000000000"
# Headers of botocore itself, and of the HTTP library.
IGNORED = {
    "accept-encoding", "amz-sdk-invocation-id", "amz-sdk-request", "content-length", "expect",
    "user-agent", "x-amz-user-agent",
}
TAGS = [{"Key": "trueup:stack", "Value": "shop/acme-prod"}, {"Key": "Name", "Value": "a b&c=d/é"}]
TRUST = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole"}]}'
LOG_GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:/app/web"

CALLS = [
    ("sts", "GetCallerIdentity", {}),
    ("sts", "AssumeRole", {
        "RoleArn": "arn:aws:iam::123456789012:role/Deploy", "RoleSessionName": "trueup",
        "DurationSeconds": 900, "ExternalId": "external", "Tags": TAGS}),
    ("sts", "AssumeRoleWithWebIdentity", {
        "RoleArn": "arn:aws:iam::123456789012:role/Deploy", "RoleSessionName": "trueup",
        "WebIdentityToken": "header.payload.signature"}),
    ("ec2", "DescribeVpcs", {
        "Filters": [{"Name": "tag-key", "Values": ["trueup:stack", "*"]}], "MaxResults": 1000}),
    ("ec2", "DescribeVpcAttribute", {"Attribute": "enableDnsSupport", "VpcId": "vpc-1"}),
    ("ec2", "CreateVpc", {
        "CidrBlock": "10.0.0.0/16", "InstanceTenancy": "default",
        "TagSpecifications": [{"ResourceType": "vpc", "Tags": TAGS}]}),
    ("ec2", "ModifyVpcAttribute", {"EnableDnsHostnames": {"Value": True}, "VpcId": "vpc-1"}),
    ("ec2", "CreateSubnet", {
        "VpcId": "vpc-1", "CidrBlock": "10.0.1.0/24", "AvailabilityZone": "us-east-1a",
        "TagSpecifications": [{"ResourceType": "subnet", "Tags": TAGS}]}),
    ("ec2", "ModifySubnetAttribute", {"SubnetId": "subnet-1", "MapPublicIpOnLaunch": {"Value": False}}),
    ("ec2", "CreateSecurityGroup", {
        "Description": "web", "GroupName": "acme-prod-Web", "VpcId": "vpc-1",
        "TagSpecifications": [{"ResourceType": "security-group", "Tags": TAGS}]}),
    ("ec2", "AuthorizeSecurityGroupIngress", {
        "GroupId": "sg-1",
        "IpPermissions": [
            {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
             "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "all"}],
             "Ipv6Ranges": [{"CidrIpv6": "::/0"}]},
            {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-2", "UserId": "1"}],
             "PrefixListIds": [{"PrefixListId": "pl-1"}]}]}),
    ("ec2", "RevokeSecurityGroupEgress", {
        "GroupId": "sg-1", "SecurityGroupRuleIds": ["sgr-1", "sgr-2"]}),
    ("ec2", "CreateTags", {"Resources": ["vpc-1", "subnet-1"], "Tags": TAGS}),
    ("ec2", "DeleteTags", {"Resources": ["vpc-1"], "Tags": [{"Key": "old"}]}),
    ("iam", "GetAccountAuthorizationDetails", {"Filter": ["Role"], "MaxItems": 1000}),
    ("iam", "CreateRole", {
        "Path": "/trueup/", "RoleName": "acme-prod-Role", "AssumeRolePolicyDocument": TRUST,
        "Description": "a role", "MaxSessionDuration": 3600, "Tags": TAGS}),
    ("iam", "PutRolePolicy", {
        "RoleName": "acme-prod-Role", "PolicyName": "inline", "PolicyDocument": TRUST}),
    ("iam", "UntagRole", {"RoleName": "acme-prod-Role", "TagKeys": ["a", "b"]}),
    ("iam", "TagRole", {"RoleName": "acme-prod-Role", "Tags": []}),
    ("s3", "ListBuckets", {"MaxBuckets": 100, "Prefix": "acme"}),
    ("s3", "CreateBucket", {
        "Bucket": "acme-prod-data",
        "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"},
        "ObjectLockEnabledForBucket": True, "ObjectOwnership": "BucketOwnerEnforced"}),
    ("s3", "CreateBucket", {"Bucket": "acme.prod.data"}),
    ("s3", "GetBucketTagging", {"Bucket": "acme-prod-data", "ExpectedBucketOwner": "123456789012"}),
    ("s3", "PutBucketTagging", {"Bucket": "acme-prod-data", "Tagging": {"TagSet": TAGS}}),
    ("s3", "PutBucketTagging", {"Bucket": "acme.prod.data", "Tagging": {"TagSet": TAGS}}),
    ("s3", "PutBucketVersioning", {
        "Bucket": "acme-prod-data", "VersioningConfiguration": {"Status": "Enabled"}}),
    ("s3", "PutBucketEncryption", {
        "Bucket": "acme-prod-data",
        "ServerSideEncryptionConfiguration": {"Rules": [{
            "ApplyServerSideEncryptionByDefault": {
                "SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/aws/s3"},
            "BucketKeyEnabled": True}]}}),
    ("s3", "PutPublicAccessBlock", {
        "Bucket": "acme-prod-data",
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": False,
            "RestrictPublicBuckets": False}}),
    ("s3", "PutBucketLifecycleConfiguration", {
        "Bucket": "acme-prod-data",
        "LifecycleConfiguration": {"Rules": [
            {"Expiration": {"Date": 1893456000}, "ID": "dated", "Filter": {"Prefix": ""},
             "Status": "Enabled"},
            {"ID": "tiers", "Filter": {"And": {"Prefix": "logs/", "Tags": TAGS}},
             "Status": "Disabled",
             "Transitions": [
                 {"Days": 30, "StorageClass": "STANDARD_IA"},
                 {"Days": 90, "StorageClass": "GLACIER"}]}]}}),
    ("s3", "PutBucketPolicy", {"Bucket": "acme-prod-data", "Policy": TRUST}),
    ("s3", "PutBucketNotificationConfiguration", {
        "Bucket": "acme-prod-data",
        "NotificationConfiguration": {
            "QueueConfigurations": [{
                "QueueArn": "arn:aws:sqs:us-east-1:123456789012:q", "Events": ["s3:ObjectCreated:*"],
                "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "in/"}]}}}],
            "EventBridgeConfiguration": {}}}),
    ("s3", "PutBucketAcl", {
        "Bucket": "acme-prod-data",
        "AccessControlPolicy": {
            "Grants": [{
                "Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/s3/LogDelivery"},
                "Permission": "WRITE"}],
            "Owner": {"ID": "abc"}}}),
    ("s3", "PutBucketIntelligentTieringConfiguration", {
        "Bucket": "acme-prod-data", "Id": "archive",
        "IntelligentTieringConfiguration": {
            "Id": "archive", "Status": "Enabled",
            "Tierings": [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}]}}),
    ("logs", "DescribeLogGroups", {"logGroupNamePrefix": "/app/", "limit": 50}),
    ("logs", "CreateLogGroup", {
        "logGroupName": "/app/web", "kmsKeyId": "alias/logs", "tags": {"a": "b é", "c": "\"d\""}}),
    ("logs", "PutRetentionPolicy", {"logGroupName": "/app/web", "retentionInDays": 30}),
    ("logs", "TagResource", {"resourceArn": LOG_GROUP, "tags": {"a": "b"}}),
    ("resourcegroupstaggingapi", "GetResources", {
        "TagFilters": [{"Key": "trueup:stack", "Values": ["shop/acme-prod"]}],
        "ResourcesPerPage": 100, "ResourceTypeFilters": ["ec2:vpc"]}),
    ("ssm", "GetParameters", {"Names": ["/aws/service/x"], "WithDecryption": True}),
]


def captured(session, service, operation, parameters, endpoint=None):
    """The request that botocore would sign for a call."""
    client = session.create_client(
        service, region_name="us-east-1", endpoint_url=endpoint,
        config=Config(signature_version=UNSIGNED, retries={"max_attempts": 0}))
    requests = []

    def take(request, **_):
        requests.append(request)
        return AWSResponse(request.url, 200, {}, unittest.mock.Mock(stream=lambda *_, **__: [b""]))

    client.meta.events.register("before-send", take)
    method = next(
        name for name, known in client.meta.method_to_api_mapping.items() if known == operation)
    try:
        getattr(client, method)(**parameters)
    except (botocore.parsers.ResponseParserError, ElementTree.ParseError):
        # The empty reply, which is no XML; the request is what counts.
        pass
    request = requests[0]
    url = urlsplit(request.url)
    body = request.body or b""
    if hasattr(body, "read"):
        body = body.read()
    if isinstance(body, str):
        body = body.encode()
    return {
        "service": service,
        "operation": operation,
        "endpoint": endpoint,
        "input": parameters,
        "request": {
            "method": request.method,
            "host": url.netloc,
            "path": url.path,
            "query": url.query,
            "headers": {
                name.lower(): value.decode() if isinstance(value, bytes) else value
                for name, value in request.headers.items()
                if name.lower() not in IGNORED
            },
            "body": body.decode(),
        },
    }


def requests(session, operations):
    fixtures = [captured(session, *call) for call in CALLS]
    for call in CALLS:
        if call[0] == "s3":
            fixtures.append(captured(session, *call, endpoint="https://storage.example.com"))
    for service, model in operations:
        if model.input_shape:
            everything = synthesis.value(model.input_shape, model.name)
            fixtures.append(captured(session, service, model.name, everything))
    return fixtures


def replies(operations):
    fixtures = []
    for service, model in operations:
        if model.output_shape is None:
            continue
        headers, body = synthesis.reply(model)
        parser = botocore.parsers.create_parser(model.service_model.resolved_protocol)
        response = {"status_code": 200, "headers": HeadersDict(headers), "body": body.encode()}
        fixtures.append({
            "service": service, "operation": model.name, "headers": headers, "body": body,
            "output": plain(parser.parse(response, model.output_shape)),
        })
    return fixtures


def plain(output):
    """An output in JSON's types: timestamps are seconds, bytes text."""
    if isinstance(output, dict):
        return {key: plain(item) for key, item in output.items() if key != "ResponseMetadata"}
    if isinstance(output, list):
        return [plain(item) for item in output]
    if isinstance(output, datetime.datetime):
        return int(output.timestamp())
    return output.decode() if isinstance(output, bytes) else output


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    require_pinned("botocore")
    # A developer's own settings must not show in the requests.
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
    # Of several protocols the one that the client speaks.
    botocore.model.PRIORITY_ORDERED_SUPPORTED_PROTOCOLS = tuple(PROTOCOLS)
    session = botocore.session.Session()
    operations = [
        (service, session.get_service_model(service).operation_model(name))
        for service, names in selection.selection()["services"].items()
        for name in names
    ]
    with unittest.mock.patch.object(uuid, "uuid4", lambda: uuid.UUID(TOKEN)):
        files = {"requests.json": requests(session, operations), "replies.json": replies(operations)}
    for name, fixtures in files.items():
        lines = [json.dumps(fixture, sort_keys=True, ensure_ascii=False) for fixture in fixtures]
        text = "[\n" + ",\n".join(lines) + "\n]\n"
        path = FIXTURES / name
        if not arguments.check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
            print(f"wrote {path.relative_to(ROOT)} ({len(fixtures)} cases)")
        elif not path.exists() or path.read_text() != text:
            fail(f"not what botocore does: {path.relative_to(ROOT)}; run fixtures.py")


if __name__ == "__main__":
    main()
