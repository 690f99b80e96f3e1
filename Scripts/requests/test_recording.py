"""What is recorded of requests, and when a recording fails the tests."""

from __future__ import annotations

import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "contracts"))

import coverage  # noqa: E402
import recording  # noqa: E402
from normalise import Normaliser, apart  # noqa: E402

VPC, UNIT, END = "AWS-EC2-VPC", recording.UNIT, recording.END_TO_END


def noted(operation: str, value: dict, section: str = END, **members: str) -> dict:
    common = {"account": "123456789012", "service": "ec2"}
    return {**common, "operation": operation, "input": value, "section": section, **members}


def line(operation: str, value: dict, **members: str) -> str:
    return Normaliser(noted(operation, value, **members)).line()


class NormaliserTests(unittest.TestCase):
    def test_what_meets_in_one_read_is_noted_by_itself(self):
        both = {"operation": "DescribeServices", "section": END, "input": {"services": ["a", "b"]}}
        self.assertEqual(
            [part["input"] for part in apart(both)], [{"services": ["a"]}, {"services": ["b"]}]
        )
        self.assertEqual(apart({**both, "section": UNIT}), [{**both, "section": UNIT}])

    def test_what_is_generated_is_replaced(self):
        for given, wanted in {
            "vpc-0a1b2c3d4e5f60718": "vpc-ID",
            "acme-prod-Jobs-1f2e3d.fifo": "acme-prod-Jobs-HASH.fifo",
            "vpc-cidr-assoc-33de8cb39401d5a67": "vpc-cidr-assoc-ID",
            "arn:aws:x:secret:acme-Api_442871-Ab9xYz": "arn:aws:x:secret:acme-Api_HASH-SUFFIX",
            "/hostedzone/CEBZDZYOFYILXHBZ5Y7QDM": "/hostedzone/ZONE",
            "arn:aws:iam::123456789012:role/r": "arn:aws:iam::ACCOUNT:role/r",
            "arn:aws:iam::210987654321:role/r": "arn:aws:iam::ACCOUNT-2:role/r",
            "http://127.0.0.1:40123/q": "http://127.0.0.1:PORT/q",
            "2026-11-14T09:00:00Z": "TIME",
        }.items():
            self.assertEqual(line("X", {"V": given}, section=UNIT), f'ec2 X {{"V":"{wanted}"}}')

    def test_what_a_person_wrote_is_kept(self):
        for given in ["vpc-1", "10.1.0.0/16", "us-east-1a", "two-tier", "2012-10-17", "sha-256"]:
            self.assertEqual(line("X", {"V": given}, section=UNIT), f'ec2 X {{"V":"{given}"}}')

    def test_tokens_and_the_revision_are_replaced(self):
        tags = [{"Key": "trueup:rev", "Value": "abc"}, {"Key": "Client", "Value": "acme"}]
        self.assertEqual(
            line("X", {"ClientToken": "t", "Tags": tags}, section=UNIT),
            'ec2 X {"ClientToken":"TOKEN","Tags":[{"Key":"trueup:rev","Value":"REVISION"},'
            '{"Key":"Client","Value":"acme"}]}',
        )

    def test_ids_that_differ_only_by_what_is_generated_are_one(self):
        given = ["subnet-0000000000000000b", "subnet-0000000000000000a", "eni-00000001"]
        self.assertEqual(
            line("X", {"V": given}, section=UNIT), 'ec2 X {"V":["eni-ID","subnet-ID"]}'
        )

    def test_what_aws_marks_as_sensitive_is_not_kept(self):
        value = {"Name": "n", "Value": "hunter2"}
        self.assertEqual(
            line("PutParameter", value, service="ssm"),
            'ssm PutParameter {"Name":"n","Value":"SECRET"}',
        )


class RecordingTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def read(self, *records: dict, golden: recording.Recording | None = None):
        text = "".join(json.dumps(record) + "\n" for record in records)
        (self.folder / "a.jsonl").write_text(text)
        known = recording.empty() if golden is None else golden
        return recording.read_noted(self.folder, known, golden is not None)

    def test_a_request_belongs_to_the_types_that_make_it_on_such_ids(self):
        def tags(of: str, id: str) -> dict:
            return noted("CreateTags", {"Resources": [id]}, UNIT, type=of)

        found = self.read(
            tags("AWS::EC2::VPC", "vpc-1"),
            tags("AWS::EC2::Subnet", "subnet-1"),
            noted("CreateTags", {"Resources": ["vpc-0a1b2c3d4e5f60718"]}),
            noted("DescribeAvailabilityZones", {}),
        )
        self.assertEqual(found[VPC][END], {'ec2 CreateTags {"Resources":["vpc-ID"]}'})
        self.assertEqual(found["AWS-EC2-Subnet"][END], set())
        self.assertEqual(found["other"][END], {"ec2 DescribeAvailabilityZones {}"})

    def test_the_order_of_requests_means_nothing(self):
        first = noted("CreateVpc", {"CidrBlock": "10.0.0.0/16"}, UNIT, type="AWS::EC2::VPC")
        second = noted("DeleteVpc", {"VpcId": "vpc-1"}, UNIT, type="AWS::EC2::VPC")
        once, again = self.read(first, second), self.read(second, first, second)
        self.assertEqual(recording.text(once[VPC]), recording.text(again[VPC]))

    def test_a_partial_run_fails_only_for_what_it_made_anew(self):
        golden = recording.empty()
        golden[VPC][UNIT] = {'ec2 DeleteVpc {"VpcId":"vpc-1"}'}
        same = self.read(
            noted("DeleteVpc", {"VpcId": "vpc-0a1b2c3d4e5f60718"}),
            noted("DescribeVpcs", {}, UNIT, type="AWS::EC2::VPC"),
            golden=golden,
        )
        found = recording.differences(golden, same, partial=True)
        changed = [text for text in found if text[0] in "+-" and text[:3] not in ("+++", "---")]
        self.assertEqual(
            changed, ["+ec2 DescribeVpcs {}", '+ec2 DeleteVpc {"VpcId":"vpc-ID"}']
        )
        self.assertEqual(recording.differences(golden, recording.empty(), partial=True), [])
        self.assertIn(
            '-ec2 DeleteVpc {"VpcId":"vpc-1"}',
            recording.differences(golden, recording.empty(), partial=False),
        )

    def test_a_type_without_a_recording_is_named(self):
        kinds = self.folder / "kinds.json"
        kinds.write_text(json.dumps({"kinds": [{"type": "AWS::EC2::VPC"}]}))
        recorded = recording.empty()
        recorded[VPC][UNIT] = {"ec2 DescribeVpcs {}"}
        self.assertEqual(
            recording.without_recording(kinds, recorded),
            ["AWS::EC2::VPC: no test made a request in 'end to end'"],
        )


class CoverageTests(unittest.TestCase):
    def kind(self, **members) -> dict:
        limits = {limit: [] for limit in coverage.LIMITS}
        return {"type": "T", "taggable": True, "stateful": False, **limits, **members}

    def test_a_property_that_is_covered_less_is_named(self):
        for limit, words in coverage.WORDS.items():
            entry = "/A" if limit == "replacedBy" else {"path": "/A", "reason": "r"}
            self.assertEqual(
                coverage.losses(self.kind(), self.kind(**{limit: [entry]})),
                [f"T/A: {words}, and was not before"],
            )
            self.assertEqual(coverage.losses(self.kind(**{limit: [entry]}), self.kind()), [])

    def test_a_part_of_what_was_not_covered_is_no_loss(self):
        whole, part = [{"path": "/A", "reason": "r"}], [{"path": "/A/B", "reason": "r"}]
        before, after = self.kind(unsupported=whole), self.kind(notReadable=part)
        self.assertEqual(coverage.losses(before, after), [])
        self.assertEqual(
            coverage.losses(after, before),
            ["T/A: not supported, and was not before"],
        )

    def test_a_type_that_is_gone_or_lost_its_tags_is_named(self):
        self.assertEqual(coverage.losses(self.kind(), None), ["T: the type is gone"])
        self.assertEqual(
            coverage.losses(self.kind(), self.kind(taggable=False)),
            ["T: it no longer carries tags"],
        )


if __name__ == "__main__":
    unittest.main()
