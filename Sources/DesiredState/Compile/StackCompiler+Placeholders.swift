import Document
import TrueupCore

extension StackCompiler {
  /// Texts outside `Fn::Sub` are taken as they are, `${Client}` in them as well, which is hardly meant.
  func checkPlaceholders(_ text: String, at position: Position) {
    guard checksContent, text.utf8.contains(UInt8(ascii: "$")), text.contains("${") else { return }
    for piece in text.split(separator: "${", omittingEmptySubsequences: false).dropFirst() {
      guard let end = piece.firstIndex(of: "}"),
        let hint = hint(ofPlaceholder: String(piece[..<end]))
      else { continue }
      log.add(
        settings.isStrict ? .error : .warning,
        "${\(piece[..<end])} stands as it is here; in { \"Fn::Sub\": … } it is replaced\(hint)",
        at: place(position), stack: id.name)
      return
    }
  }

  /// Shell, JavaScript and IAM have variables of this form, too: told is only what is called as templates
  /// call things.
  private func hint(ofPlaceholder name: String) -> String? {
    if let hint = ForeignWord.hint(reference: name), name.contains(".") { return hint }
    let first = name.split(separator: ".", maxSplits: 1).first.map(String.init) ?? name
    let names = blueprint.parameterNames.union(resources.keys)
      .union(pseudoParameters.keys).union(DeclaredTag.variables)
    if names.contains(first) { return "" }
    guard name.hasPrefix("AWS::") || Self.isLogicalName(first) else { return nil }
    return Spelling.nearest(to: first, among: names).map { ", spelled ${\($0)}" }
  }

  /// `ClientName`, and neither `CLIENT_NAME` nor `clientName`.
  private static func isLogicalName(_ name: String) -> Bool {
    name.first?.isUppercase == true && name.contains(where: \.isLowercase)
      && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
  }
}
