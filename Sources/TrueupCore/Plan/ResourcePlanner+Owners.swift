import Document

/// Properties that git does not decide.
extension ResourcePlanner {
  /// Takes as desired what AWS shows of all that has another owner, and says that it is not checked.
  func leaveToOwners(_ decision: Decision, _ live: Observed) {
    for (path, owner) in decision.resource.owners.sorted(by: { $0.key < $1.key }) {
      if path.property == Self.tagsPath.property {
        guard let key = path.components.dropFirst().first, decision.tags[key] != nil else {
          continue
        }
        decision.tags[key] = live.tags[key].map(Value.string)
      } else {
        guard !comparison.places(of: path, in: decision.desired.redacted).isEmpty else { continue }
        // Of what could not be read nothing is known that could stand in its place.
        if Self.reason(live.unread, path) == nil,
          let left = comparison.left(decision.desired, at: path, to: live.properties)
        {
          decision.desired = left
        }
      }
      decision.notChecked.append(
        NotChecked(address: decision.address, path: path, reason: owner.reason))
    }
  }

  /// What replaces a resource is made as git declares it, and goes on from where others have moved the old
  /// one.
  func takeOver(_ decision: Decision, from live: Observed) throws(IntrinsicError) {
    let owners = decision.resource.owners
    guard !owners.isEmpty else { return }
    var desired = try evaluated(decision.resource.properties)
    let declared = try desiredTags(decision.resource, decision.stack)
    for (path, owner) in owners {
      if path.property == Self.tagsPath.property {
        guard let key = path.components.dropFirst().first else { continue }
        if owner == .createOnly || decision.tags[key] == nil { decision.tags[key] = declared[key] }
      } else if owner != .createOnly {
        desired =
          comparison.left(desired, at: path, to: live.properties, keepsHidden: true) ?? desired
      }
    }
    decision.desired = desired
  }

  /// Whether a property is none of git's business.
  func isLeft(_ path: PropertyPath, _ decision: Decision) -> Bool {
    decision.resource.owners.keys.contains { $0.covers(path) }
  }
}

extension Comparison {
  /// A desired value in which what stands at a path is as AWS shows it, and is missing where AWS shows
  /// nothing; `nil` where nothing stands there. `*` stands for any element or member.
  ///
  /// - Parameter keepsHidden: what AWS does not show stays as it is declared.
  func left(
    _ desired: Value, at path: PropertyPath, to live: Document?, keepsHidden: Bool = false
  ) -> Value? {
    left(
      desired, below: PropertyPath(), at: path.components[...], to: live, keepsHidden: keepsHidden)
  }

  private func left(
    _ desired: Value, below walked: PropertyPath, at path: ArraySlice<String>, to live: Document?,
    keepsHidden: Bool
  ) -> Value? {
    guard let next = path.first else {
      return live.map(Value.known) ?? (keepsHidden ? desired : nil)
    }
    let rest = path.dropFirst()
    // What is not there yet is made as it is declared.
    guard let live else { return desired }
    if var members = desired.members {
      for name in next == "*" ? members.keys.sorted() : [next] {
        guard let member = members[name] else { continue }
        members[name] = left(
          member, below: walked.appending(name), at: rest, to: live[name], keepsHidden: keepsHidden)
      }
      return .object(of: members)
    }
    guard let elements = desired.elements, let shown = live.list else { return desired }
    return .list(
      of: elements.enumerated().map { index, element in
        let name: String
        let other: Document?
        if case .keyed(let keys) = collection(at: walked) {
          name = Self.key(of: element.redacted, keys)
          other = shown.first { Self.key(of: $0, keys) == name }
        } else {
          name = String(index)
          other = shown.indices.contains(index) ? shown[index] : nil
        }
        guard next == "*" || next == name else { return element }
        return left(
          element, below: walked.appending(name), at: rest, to: other, keepsHidden: keepsHidden)
          ?? element
      })
  }
}
