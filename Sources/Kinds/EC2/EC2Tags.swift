import Document
import TrueupCore

/// Tags as EC2 keeps them: its lists show them, and one operation writes them for all types.
struct EC2Tags: Tagging {
  /// What a tag specification calls the type: `route-table`.
  let resourceType: String
  let reads: [Read] = []

  init(_ resourceType: String) { self.resourceType = resourceType }

  func tags(
    of item: Document, id: String, name: String, _ sweep: TagSweep
  ) -> TagSweep.KnownTags { TagSweep.KnownTags(known: Tags.read(item["Tags"])) }

  func input(_ step: Step) -> [String: Document?] {
    ["TagSpecifications": EC2.tagSpecifications(step.tags, of: resourceType)]
  }

  func calls(_ step: Step, _ id: String) -> [Call] { EC2.tagCalls(step, id) }
}
