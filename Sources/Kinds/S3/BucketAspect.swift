import Document
import TrueupCore

/// One setting of a bucket: S3 has an operation to read and one to write for each, so that the bucket's kind
/// is a list of these.
struct BucketAspect: Sendable {
  /// The registry's property.
  let property: String
  /// The operations that show it and write it.
  let reading: String
  let writing: String
  /// The member of the put's input, in which some reads show it too, where it is not called like the property.
  var member: String?
  /// The errors by which the read says that nothing is set.
  var absentCodes: Set<String> = []
  /// What is in effect where S3 shows nothing, and what a declaration means that leaves members out.
  var absentValue: Document?
  /// What a new bucket has, where that is something else. Written where the setting is no longer declared.
  var initial: Document?
  /// The operation that takes the setting away, where there is no need to write that.
  var deletion: String?
  /// The errors by which a put says that something which passes by itself is in its way.
  var transientCodes: Set<String> = []
  var names: MemberNames = [:]
  /// What else a declaration means that leaves members out.
  var defaults: [PropertyPath: Document] = [:]
  /// What is known of it and of its members, by their paths from here on.
  var facts: [PropertyPath: PropertyFacts] = [:]
  /// One form for all ways in which the same can be declared and shown.
  var settled: @Sendable (_ value: Document) -> Document = { $0 }
  /// What S3 shows, as far as names do not tell; `nil` where nothing is set. Members that the registry does
  /// not know may stay.
  var shown: @Sendable (_ output: Document) -> Document? = { $0 }
  /// The value as it is written, as far as names do not tell.
  var written: @Sendable (_ value: Document) -> Document = { $0 }
  /// The calls that set the value, which is canonical.
  var write: @Sendable (BucketAspect, _ value: Document, Step) -> [Call] = { [$0.put($1, $2)] }

  /// S3's form of a canonical value.
  func api(_ value: Document) -> Document { names.api(written(value)).withoutEmptyLists }

  func put(_ value: Document, _ step: Step) -> Call {
    step.s3(writing, [member ?? property: api(value)], transientCodes: transientCodes)
  }

  /// The calls that give the bucket what a bucket has that never had the property.
  func reset(_ step: Step) -> [Call] {
    if let deletion { return [step.s3(deletion, absentCodes: absentCodes)] }
    let initial = initial ?? absentValue
    return initial == step.shown[property] ? [] : initial.map { write(self, $0, step) } ?? []
  }

  /// The read for one bucket; all take the bucket's name alone.
  func read(_ bucket: String) -> Read {
    Read(Call("s3", reading, ["Bucket": .string(bucket)], absentCodes: absentCodes))
  }

  /// The canonical value in the read's output; `nil` where nothing is set.
  func value(in output: Document) -> Document? {
    shown(output[member ?? property] ?? output).map(names.registry)?
      .known(to: ResourceSchema.embedded("AWS::S3::Bucket")?.properties[property])
      .nonEmpty.map(canonical)
  }

  /// The value in one form, with all that it means, and with lists in one order whose order says nothing.
  func canonical(_ value: Document) -> Document {
    let whole = defaults.reduce(settled(value).defaulting(to: absentValue?.object ?? [:])) {
      value, row in value.changing(holderOf: row.key) { $0.defaulting(to: [$1: row.value]) }
    }
    let sets = facts.filter { $0.value.collection != nil }.keys
    // The inner ones first: they are a part of what their lists are sorted by.
    return sets.sorted { $1 < $0 }.reduce(whole) { $0.changing($1, \.unordered) }
  }

  /// What is known of the property and its members, with what is in effect where S3 shows nothing.
  var allFacts: [PropertyPath: PropertyFacts] {
    var all = facts
    absentValue?.collect(into: &all, at: PropertyPath())
    return Dictionary(
      all.map { (PropertyPath([property] + $0.key.components), $0.value) },
      uniquingKeysWith: { $1 })
  }
}

extension Document {
  /// Notes this value and those of its members as defaults, each under its path.
  fileprivate func collect(into facts: inout [PropertyPath: PropertyFacts], at path: PropertyPath) {
    facts[path] = (facts[path] ?? PropertyFacts()).defaultsTo(self)
    for (key, member) in object ?? [:] { member.collect(into: &facts, at: path.appending(key)) }
  }
}
