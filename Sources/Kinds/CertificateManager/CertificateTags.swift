import Document
import TrueupCore

/// The tags of certificates. What is taken off is named by tags, not by keys.
/// Source: ACM API, RemoveTagsFromCertificate: a tag without a value is taken off whatever its value.
struct CertificateTags: Tagging {
  let reads = [TagSweep.read]

  func tags(
    of item: Document, id: String, name: String, _ sweep: TagSweep
  ) -> TagSweep.KnownTags {
    let own = Read(
      Call(
        "acm", "ListTagsForCertificate", ["CertificateArn": .string(id)],
        absentCodes: ["ResourceNotFoundException"]))
    return sweep.tags(ofARN: id, candidate: name, own: own) { Tags.read($0["Tags"]) }
  }

  func input(_ step: Step) -> [String: Document?] {
    ["Tags": step.tags.isEmpty ? nil : Tags.list(step.tags)]
  }

  func calls(_ step: Step, _ id: String) -> [Call] {
    let gone = step.removedTags.sorted().map { Document.members(["Key": .string($0)]) }
    return Tags.calls(
      step,
      tag: Call(
        "acm", "AddTagsToCertificate",
        ["CertificateArn": .string(id), "Tags": Tags.list(step.newTags)]),
      untag: Call(
        "acm", "RemoveTagsFromCertificate",
        ["CertificateArn": .string(id), "Tags": .list(gone)]))
  }
}
