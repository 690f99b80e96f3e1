import Document
import TrueupCore

/// A network ACL. Its entries are resources of their own.
public struct NetworkAcl: TagsOnlyKind {
  public init() {}

  public let type = "AWS::EC2::NetworkAcl"

  public let facts = TypeFacts(
    Identity(ref: "Id"))

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [EC2.allNetworkACLs] }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    (replies[EC2.allNetworkACLs]?.output?["NetworkAcls"]?.list ?? []).compactMap { acl in
      guard let id = acl["NetworkAclId"]?.string else { return nil }
      return Observed(
        type: type, id: id, scope: context.scope,
        properties: .members(["Id": .string(id), "VpcId": acl["VpcId"]]),
        tags: Tags.read(acl["Tags"]))
    }
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let created = try calls.make(
      Call(
        "ec2", "CreateNetworkAcl",
        .members([
          "VpcId": step.desired["VpcId"], "ClientToken": .string(step.token),
          "TagSpecifications": EC2.tagSpecifications(step.tags, of: "network-acl"),
        ]), transientCodes: ["InvalidVpcID.NotFound"]))
    guard let id = created.output?["NetworkAcl"]?["NetworkAclId"]?.string else {
      throw .failed("CreateNetworkAcl answered without an id")
    }
    return .done(id: id, attributes: .members(["Id": .string(id), "VpcId": step.desired["VpcId"]]))
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    try calls.make(
      EC2.deletion(
        "DeleteNetworkAcl", ["NetworkAclId": .string(id)], absent: "InvalidNetworkAclID.NotFound"))
    return .done(id: id, attributes: [:])
  }
}
