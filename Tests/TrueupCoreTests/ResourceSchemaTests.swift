import Document
import XCTest

@testable import TrueupCore

final class ResourceSchemaTests: XCTestCase {
  func testEveryEmbeddedTypeCanBeRead() throws {
    XCTAssertTrue(
      ResourceSchema.types.contains("AWS::EC2::VPC"), "the embedded schemas could not be read")
    for type in ResourceSchema.types {
      let schema = try XCTUnwrap(ResourceSchema.embedded(type))
      XCTAssertFalse(schema.properties.isEmpty, "\(type) has no property")
      XCTAssertFalse(schema.primaryIdentifier.isEmpty, "\(type) has no primary identifier")
    }
    XCTAssertNil(ResourceSchema.embedded("AWS::EC2::Vpc"))
    XCTAssertNil(ResourceSchema.embedded("versions"))
  }

  func testListsOfPathsAreRelativeToTheProperties() throws {
    let bucket = try XCTUnwrap(ResourceSchema.embedded("AWS::S3::Bucket"))
    XCTAssertTrue(bucket.createOnly.contains("/BucketName"))
    XCTAssertTrue(bucket.readOnly.contains("/WebsiteURL"))
    XCTAssertTrue(bucket.writeOnly.contains("/AccessControl"))
    XCTAssertEqual(bucket.primaryIdentifier, ["/BucketName"])
    XCTAssertEqual(bucket.tagProperty, "Tags")
    XCTAssertTrue(bucket.isReadOnly("/Arn"))
    XCTAssertTrue(bucket.isReadOnly("/MetadataConfiguration/Destination/TableBucketArn"))
    XCTAssertFalse(bucket.isReadOnly("/MetadataConfiguration"))
    let vpc = try XCTUnwrap(ResourceSchema.embedded("AWS::EC2::VPC"))
    XCTAssertEqual(vpc.conditionalCreateOnly, ["/InstanceTenancy"])
  }

  func testPathsGoThroughReferencesListsAndObjects() throws {
    let bucket = try XCTUnwrap(ResourceSchema.embedded("AWS::S3::Bucket"))
    let group = try XCTUnwrap(ResourceSchema.embedded("AWS::EC2::SecurityGroup"))
    XCTAssertEqual(group["/SecurityGroupIngress/*/FromPort"]?.types, [.integer])
    XCTAssertEqual(group["/SecurityGroupIngress/7/CidrIp"]?.format, "ipv4-network")
    XCTAssertEqual(group["/SecurityGroupIngress/0"]?.required, ["IpProtocol"])
    XCTAssertNil(group["/SecurityGroupIngress/0/Port"])
    XCTAssertEqual(
      bucket["/VersioningConfiguration/Status"]?.allowedValues, ["Enabled", "Suspended"])
    XCTAssertEqual(group.root.dependentRequired, ["SecurityGroupEgress": ["VpcId"]])
    XCTAssertEqual(group["/Id"]?.formats.count, 2, "formats of alternatives count")
  }

  func testReferencesThatGoRoundEnd() {
    let schema = ResourceSchema(
      type: "Toy::Loop",
      document: [
        "definitions": [
          "A": ["$ref": "#/definitions/B"], "B": ["$ref": "#/definitions/A"],
          "Tree": [
            "properties": [
              "Children": ["type": "array", "items": ["$ref": "#/definitions/Tree"]]
            ]
          ],
        ],
        "properties": [
          "Loop": ["$ref": "#/definitions/A"], "Tree": ["$ref": "#/definitions/Tree"],
        ],
      ])
    XCTAssertEqual(schema["/Loop"]?.types, [])
    XCTAssertEqual(
      schema["/Tree/Children/0/Children/3/Children"]?.types, [.array],
      "a type may hold itself")
    XCTAssertNil(schema.tagProperty)
  }
}
