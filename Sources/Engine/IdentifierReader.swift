import Document
import TrueupCore

/// Asks AWS whether what parameters name is there: one bulk read per type, account and region.
struct IdentifierReader {
  let cloud: any Cloud
  let facts: [Fact: Document]

  /// What was found out.
  struct Findings {
    /// By stack name: the values that AWS does not show.
    var errors: [String: String] = [:]
    /// What could not be asked.
    var notes: [String] = []
  }

  private struct Question: Hashable {
    var target: CallTarget
    var type: String
  }

  func findings(_ stacks: [DesiredStack]) async -> Findings {
    var asked: [Question: Set<String>] = [:]
    for stack in stacks {
      for given in stack.givenIdentifiers where IdentifierType.all[given.type] != nil {
        asked[question(given, stack), default: []].formUnion(texts(given))
      }
    }
    let answers = await answers(asked.filter { !$0.value.isEmpty })
    var findings = Findings()
    for (question, answer) in answers.sorted(by: { $0.key.type < $1.key.type }) {
      guard case .failure(let failure) = answer else { continue }
      findings.notes.append(
        "parameters of type \(question.type) are not checked in \(question.target.account) "
          + "\(question.target.region): \(failure.message)")
    }
    for stack in stacks {
      let missing = stack.givenIdentifiers.flatMap { given -> [String] in
        guard case .success(let known) = answers[question(given, stack)] else { return [] }
        return texts(given).filter { !known.contains($0) }.map { text in
          "\(given.location): \(given.parameter) is \"\(text)\", and \(stack.account) "
            + "\(stack.region) has no such \(given.type)"
        }
      }
      if !missing.isEmpty { findings.errors[stack.id.name] = missing.joined(separator: "; ") }
    }
    return findings
  }

  private func question(_ given: GivenIdentifier, _ stack: DesiredStack) -> Question {
    Question(
      target: CallTarget(account: stack.account, region: stack.region), type: given.type)
  }

  /// The values as far as they are known.
  private func texts(_ given: GivenIdentifier) -> [String] {
    let value: Document? =
      if case .fact(let fact) = given.value { facts[fact] } else { given.value.document }
    return (value?.list ?? [value].compactMap(\.self)).compactMap(\.string)
  }

  private func answers(_ asked: [Question: Set<String>]) async
    -> [Question: Result<Set<String>, CallFailure>]
  {
    await withTaskGroup(of: (Question, Result<Set<String>, CallFailure>).self) { group in
      for (question, values) in asked {
        group.addTask { (question, await answer(question, values.sorted())) }
      }
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
  }

  /// Those of the values that AWS shows, and maybe others.
  private func answer(_ question: Question, _ values: [String]) async
    -> Result<Set<String>, CallFailure>
  {
    var known: Set<String> = []
    for read in IdentifierType.all[question.type]?.reads(values) ?? [] {
      switch await cloud.read(read, in: question.target) {
      case .success(let output):
        known.formUnion(IdentifierType.all[question.type]?.identifiers(output) ?? [])
      case .absent: break
      case .failure(let failure): return .failure(failure)
      }
    }
    return .success(known)
  }
}
