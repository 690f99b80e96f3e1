import DesiredState
import Kinds
import Reports
import TrueupCore

extension CommandRunner {
  /// What the registry and the kinds say of a type or a property.
  func explain(_ invocation: Invocation) throws -> ExitStatus {
    guard let query = invocation.positionals.first else {
      terminal.write(
        invocation.isJSON
          ? ExplainText.json(types: Catalog.standard.types).json(indent: 2) + "\n"
          : ExplainText.types(Catalog.standard.types))
      return .done
    }
    do throws(ExplainError) {
      let explanation = try Explainer(.standard).explain(query)
      terminal.write(
        invocation.isJSON
          ? ExplainText.json(explanation).json(indent: 2) + "\n"
          : ExplainText.render(explanation, style: terminal.style))
    } catch {
      throw EarlyEnd(message: Self.text(of: error))
    }
    return .done
  }

  private static func text(of error: ExplainError) -> String {
    func hint(_ word: String, _ known: [String]) -> String? {
      Spelling.nearest(to: word, among: known).map { "; did you mean \"\($0)\"?" }
    }
    switch error {
    case .unknownType(let name, let known):
      return "there is no type \"\(name)\"" + (hint(name, known) ?? "; trueup explain lists them")
    case .unknownMember(let name, let parent, let known):
      return "\(parent) has no property \"\(name)\""
        + (hint(name, known) ?? "; trueup explain \(parent) lists them")
    }
  }
}
