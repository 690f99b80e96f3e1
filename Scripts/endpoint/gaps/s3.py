"""S3 buckets: create-time tags, the defaults of new buckets, the list of buckets, all aspects.

Most settings of a bucket are documents that S3 stores and returns; they are kept here as they were
sent, each under the name of its operations. Versioning, tags, ACL, policy and object lock act on
other calls, so they stay with moto.
"""

import json

from gaps import amends, answers, forgets, prepares
from moto.s3.models import s3_backends
from upstream import ask
from wire import AWSError

# (bucket, aspect) -> the document as it was put; bucket names are global.
DOCUMENTS: dict[tuple[str, str], dict] = {}
# (bucket, aspect, id) -> the document of a setting that a bucket has many of.
NAMED: dict[tuple[str, str, str], dict] = {}

# Aspect -> error code of a read when it was never set; None where S3 answers an empty document.
ASPECTS = {
    "BucketAbac": None,
    "BucketAccelerateConfiguration": None,
    "BucketCors": "NoSuchCORSConfiguration",
    "BucketEncryption": "ServerSideEncryptionConfigurationNotFoundError",
    "BucketLifecycleConfiguration": "NoSuchLifecycleConfiguration",
    "BucketLogging": None,
    "BucketNotificationConfiguration": None,
    "BucketOwnershipControls": "OwnershipControlsNotFoundError",
    "BucketReplication": "ReplicationConfigurationNotFoundError",
    "BucketRequestPayment": None,
    "BucketWebsite": "NoSuchWebsiteConfiguration",
    "PublicAccessBlock": "NoSuchPublicAccessBlockConfiguration",
}

# What a bucket answers where nothing was ever set, when that is not an empty document.
UNSET = {
    "BucketAbac": {"AbacStatus": {"Status": "Disabled"}},
    "BucketRequestPayment": {"Payer": "BucketOwner"},
}

NAMED_ASPECTS = [
    "BucketAnalyticsConfiguration",
    "BucketIntelligentTieringConfiguration",
    "BucketInventoryConfiguration",
    "BucketMetricsConfiguration",
]

# What a bucket has from its creation on (since January and April 2023).
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
AES256 = {
    "Rules": [
        {
            "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
            "BucketKeyEnabled": False,
        }
    ]
}
BLOCKED = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}


@forgets
def forget():
    DOCUMENTS.clear()
    NAMED.clear()


def forget_bucket(bucket: str) -> None:
    for store in (DOCUMENTS, NAMED):
        for key in [k for k in store if k[0] == bucket]:
            del store[key]


def buckets_of(call) -> dict:
    return s3_backends[call.account]["aws"].buckets


def check_bucket(call) -> str:
    bucket = call.params["Bucket"]
    if bucket in buckets_of(call):
        return bucket
    for account in list(s3_backends.keys()):
        if bucket in s3_backends[account]["aws"].buckets:
            raise AWSError("AccessDenied", "Access Denied", 403)
    raise AWSError("NoSuchBucket", "The specified bucket does not exist", 404)


def document_of(call) -> dict:
    """The payload of a put: the one structure among its parameters."""
    payload = call.model.input_shape.serialization["payload"]
    return payload, call.params.get(payload, {})


def put(call):
    bucket = check_bucket(call)
    aspect = call.operation.removeprefix("Put")
    payload, document = document_of(call)
    DOCUMENTS[(bucket, aspect)] = {"payload": payload, "document": document}
    minimum = call.params.get("TransitionDefaultMinimumObjectSize")
    if aspect == "BucketLifecycleConfiguration":
        number_rules(document)
        minimum = minimum or "all_storage_classes_128K"
        DOCUMENTS[(bucket, aspect)]["minimum"] = minimum
        return {"TransitionDefaultMinimumObjectSize": minimum}
    return {}


def number_rules(document: dict) -> None:
    """S3 names the lifecycle rules that came without an id."""
    for number, rule in enumerate(document.get("Rules", [])):
        rule.setdefault("ID", f"rule-{number}-{abs(hash(json.dumps(rule, default=str))):x}"[:40])


def get(call):
    bucket = check_bucket(call)
    aspect = call.operation.removeprefix("Get")
    kept = DOCUMENTS.get((bucket, aspect))
    if kept is None:
        code = ASPECTS[aspect]
        if code:
            raise AWSError(code, f"The bucket has no {aspect}.", 404)
        return UNSET.get(aspect, {})
    members = call.model.output_shape.members
    if kept["payload"] in members:
        return {kept["payload"]: kept["document"]}
    result = {k: v for k, v in kept["document"].items() if k in members}
    if "minimum" in kept:
        result["TransitionDefaultMinimumObjectSize"] = kept["minimum"]
    return result


def delete(call):
    bucket = check_bucket(call)
    aspect = call.operation.removeprefix("Delete")
    if aspect == "BucketLifecycle":
        aspect = "BucketLifecycleConfiguration"
    if aspect == "BucketEncryption":
        # Encryption cannot be taken off a bucket: it falls back to the default.
        set_default(bucket, aspect, "ServerSideEncryptionConfiguration", AES256)
    else:
        DOCUMENTS.pop((bucket, aspect), None)
    return {}


def put_named(call):
    bucket = check_bucket(call)
    _, document = document_of(call)
    NAMED[(bucket, call.operation.removeprefix("Put"), call.params["Id"])] = document
    return {}


def get_named(call):
    bucket = check_bucket(call)
    aspect = call.operation.removeprefix("Get")
    document = NAMED.get((bucket, aspect, call.params["Id"]))
    if document is None:
        raise AWSError("NoSuchConfiguration", "The specified configuration does not exist.", 404)
    return {aspect.removeprefix("Bucket"): document}


def list_named(call):
    """One hundred on a page; botocore has no paginator for these."""
    bucket = check_bucket(call)
    aspect = call.operation.removeprefix("List").removesuffix("s")
    found = sorted(key for key in NAMED if key[:2] == (bucket, aspect))
    start = int(call.params.get("ContinuationToken", 0))
    key = aspect.removeprefix("Bucket") + "List"
    page = {key: [NAMED[k] for k in found[start : start + 100]]}
    if start + 100 < len(found):
        return {**page, "IsTruncated": True, "NextContinuationToken": f"{start + 100}"}
    return {**page, "IsTruncated": False}


def delete_named(call):
    bucket = check_bucket(call)
    key = (bucket, call.operation.removeprefix("Delete"), call.params["Id"])
    if NAMED.pop(key, None) is None:
        raise AWSError("NoSuchConfiguration", "The specified configuration does not exist.", 404)
    return {}


for aspect_name in ASPECTS:
    answers(f"s3:Put{aspect_name}")(put)
    answers(f"s3:Get{aspect_name}")(get)
    answers(f"s3:Delete{aspect_name}")(delete)
answers("s3:DeleteBucketLifecycle")(delete)
for aspect_name in NAMED_ASPECTS:
    answers(f"s3:Put{aspect_name}")(put_named)
    answers(f"s3:Get{aspect_name}")(get_named)
    answers(f"s3:List{aspect_name}s")(list_named)
    answers(f"s3:Delete{aspect_name}")(delete_named)


def set_default(bucket: str, aspect: str, payload: str, document: dict) -> None:
    DOCUMENTS[(bucket, aspect)] = {"payload": payload, "document": document}


@prepares("s3:CreateBucket")
def create_bucket(call):
    call.answer = create_with_tags


def create_with_tags(call):
    """Tags and ownership are part of the create call; the defaults come with the bucket."""
    params = dict(call.params)
    configuration = dict(params.pop("CreateBucketConfiguration", {}))
    tags = configuration.pop("Tags", [])
    existed = params["Bucket"] in buckets_of(call)
    if configuration:
        params["CreateBucketConfiguration"] = configuration
    result = ask(call, params)
    if existed:
        return result
    bucket = params["Bucket"]
    forget_bucket(bucket)
    set_default(bucket, "BucketEncryption", "ServerSideEncryptionConfiguration", AES256)
    set_default(bucket, "PublicAccessBlock", "PublicAccessBlockConfiguration", BLOCKED)
    ownership = params.get("ObjectOwnership", "BucketOwnerEnforced")
    controls = {"Rules": [{"ObjectOwnership": ownership}]}
    set_default(bucket, "BucketOwnershipControls", "OwnershipControls", controls)
    if tags:
        ask(call, {"Bucket": bucket, "Tagging": {"TagSet": tags}}, "PutBucketTagging")
    if params.get("ObjectLockEnabledForBucket"):
        versioning = {"Status": "Enabled"}
        ask(
            call,
            {"Bucket": bucket, "VersioningConfiguration": versioning},
            "PutBucketVersioning",
        )
    return {**result, "BucketArn": f"arn:aws:s3:::{bucket}"}


@amends("s3:DeleteBucket")
def delete_bucket(call, result):
    forget_bucket(call.params["Bucket"])
    return result


@amends("s3:GetObjectLockConfiguration")
def lock_period(call, result):
    """Retention is in days or in years, never both."""
    rule = result.get("ObjectLockConfiguration", {}).get("Rule", {})
    for unit in ("Days", "Years"):
        if rule.get("DefaultRetention", {}).get(unit) == 0:
            del rule["DefaultRetention"][unit]
    return result


@answers("s3:ListBuckets")
def list_buckets(call):
    """All buckets of the account, in the order of their names, with region and ARN."""
    prefix = call.params.get("Prefix", "")
    region = call.params.get("BucketRegion")
    return {
        "Owner": {"ID": call.account},
        "Buckets": [
            {
                "Name": name,
                "CreationDate": bucket.creation_date,
                "BucketRegion": bucket.region_name,
                "BucketArn": f"arn:aws:s3:::{name}",
            }
            for name, bucket in sorted(buckets_of(call).items())
            if name.startswith(prefix) and region in (None, bucket.region_name)
        ],
        **({"Prefix": prefix} if prefix else {}),
    }


@prepares("s3:PutBucketTagging", "s3:DeleteBucketTagging")
def check_tagging(call):
    """With access by tags on, tags are written through S3 Control.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
    """
    abac = DOCUMENTS.get((check_bucket(call), "BucketAbac"), {}).get("document", {})
    if abac.get("Status") == "Enabled":
        raise AWSError("InvalidRequest", "The bucket has ABAC enabled: use TagResource.")


def tagged_bucket(call) -> tuple[str, dict]:
    """The ARN that S3 Control's tag operations name, and the tags of the bucket."""
    arn = call.params["ResourceArn"]
    bucket = arn.rpartition(":")[2]
    if bucket not in buckets_of(call):
        raise AWSError("NoSuchResource", "The specified resource doesn't exist.", 404)
    return arn, s3_backends[call.account]["aws"].tagger.get_tag_dict_for_resource(arn)


@answers("s3control:ListTagsForResource")
def list_tags(call):
    _, tags = tagged_bucket(call)
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


@answers("s3control:TagResource")
def tag_resource(call):
    arn, _ = tagged_bucket(call)
    s3_backends[call.account]["aws"].tagger.tag_resource(arn, call.params["Tags"])
    return {}


@answers("s3control:UntagResource")
def untag_resource(call):
    arn, _ = tagged_bucket(call)
    s3_backends[call.account]["aws"].tagger.untag_resource_using_names(arn, call.params["TagKeys"])
    return {}


@prepares("s3:PutBucketPolicy")
def check_policy(call):
    """A public policy is refused while the bucket blocks public policies."""
    bucket = check_bucket(call)
    try:
        statements = json.loads(call.params["Policy"])["Statement"]
    except (ValueError, KeyError, TypeError):
        raise AWSError("MalformedPolicy", "Policies must be valid JSON") from None
    block = DOCUMENTS.get((bucket, "PublicAccessBlock"), {}).get("document", {})
    if not block.get("BlockPublicPolicy"):
        return
    for statement in statements if isinstance(statements, list) else [statements]:
        public = statement.get("Principal") in ("*", {"AWS": "*"})
        if statement.get("Effect") == "Allow" and public and "Condition" not in statement:
            raise AWSError(
                "AccessDenied",
                f"User: {call.account} is not authorized to perform: s3:PutBucketPolicy on "
                f'resource: "arn:aws:s3:::{bucket}" because public policies are prevented by '
                "the BlockPublicPolicy setting in S3 Block Public Access.",
                403,
            )


@prepares("s3:PutBucketAcl")
def check_acl(call):
    """ACLs are off in a bucket whose owner owns all objects."""
    bucket = check_bucket(call)
    controls = DOCUMENTS.get((bucket, "BucketOwnershipControls"), {}).get("document", {})
    owners = [rule.get("ObjectOwnership") for rule in controls.get("Rules", [])]
    if owners == ["BucketOwnerEnforced"] and call.params.get("ACL") != "private":
        raise AWSError(
            "AccessControlListNotSupported", "The bucket does not allow ACLs", 400
        )


@prepares("s3:PutBucketReplication")
def check_replication(call):
    versioning = buckets_of(call)[check_bucket(call)].versioning_status
    if versioning != "Enabled":
        raise AWSError(
            "InvalidRequest",
            "Versioning must be 'Enabled' on the bucket to apply a replication configuration",
        )


@answers("s3:CreateBucketMetadataConfiguration", "s3:CreateBucketMetadataTableConfiguration")
def create_metadata(call):
    """The tables get their names and their status from S3."""
    bucket = check_bucket(call)
    aspect = call.operation.removeprefix("Create")
    if (bucket, aspect) in DOCUMENTS:
        raise AWSError("MetadataConfigurationConflict", "The configuration exists.", 409)
    _, document = document_of(call)
    arn = f"arn:aws:s3tables:{call.region}:{call.account}:bucket/aws-s3"
    if aspect == "BucketMetadataTableConfiguration":
        destination = document["S3TablesDestination"]
        table = f"{destination['TableBucketArn']}/table/{destination['TableName']}"
        shown = {**destination, "TableArn": table, "TableNamespace": "aws_s3_metadata"}
        result = {
            "MetadataTableConfigurationResult": {"S3TablesDestinationResult": shown},
            "Status": "ACTIVE",
        }
    else:
        destination = {
            "TableBucketType": "aws",
            "TableBucketArn": arn,
            "TableNamespace": f"b_{bucket}",
        }
        shown = {"DestinationResult": destination}
        for name in ("JournalTable", "InventoryTable"):
            table = document.get(f"{name}Configuration")
            if table is not None:
                shown[f"{name}ConfigurationResult"] = metadata_table(name, table, arn)
        result = {"MetadataConfigurationResult": shown}
    DOCUMENTS[(bucket, aspect)] = {"payload": "", "document": result}
    return {}


def metadata_table(name: str, wanted: dict, arn: str) -> dict:
    title = name.removesuffix("Table").lower()
    state = wanted.get("ConfigurationState", "ENABLED")
    result = {"TableName": title, "TableArn": f"{arn}/table/{title}", "TableStatus": "ACTIVE"}
    if name == "InventoryTable":
        result["ConfigurationState"] = state
    else:
        result["RecordExpiration"] = wanted.get("RecordExpiration", {"Expiration": "DISABLED"})
    return result


@answers("s3:GetBucketMetadataConfiguration", "s3:GetBucketMetadataTableConfiguration")
def get_metadata(call):
    aspect = call.operation.removeprefix("Get")
    kept = DOCUMENTS.get((check_bucket(call), aspect))
    if kept is None:
        raise AWSError("MetadataConfigurationNotFound", "The bucket has none.", 404)
    return {f"{call.operation}Result": kept["document"]}


@answers("s3:DeleteBucketMetadataConfiguration", "s3:DeleteBucketMetadataTableConfiguration")
def delete_metadata(call):
    DOCUMENTS.pop((check_bucket(call), call.operation.removeprefix("Delete")), None)
    return {}


@answers(
    "s3:UpdateBucketMetadataInventoryTableConfiguration",
    "s3:UpdateBucketMetadataJournalTableConfiguration",
)
def update_metadata(call):
    kept = DOCUMENTS.get((check_bucket(call), "BucketMetadataConfiguration"))
    if kept is None:
        raise AWSError("MetadataConfigurationNotFound", "The bucket has none.", 404)
    payload, wanted = document_of(call)
    name = payload.removesuffix("Configuration")
    shown = kept["document"]["MetadataConfigurationResult"]
    arn = shown["DestinationResult"]["TableBucketArn"]
    shown[f"{name}ConfigurationResult"] = metadata_table(name, wanted, arn)
    return {}
