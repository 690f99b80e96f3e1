import Document

/// How one operation's pages follow each other. Pure: gives the next input, and joins outputs.
public struct Paginator: Hashable, Sendable {
  public let service: String
  public let operation: OperationModel
  private let model: PaginatorModel
  /// Route 53 takes the size of a page as text.
  private let isSizeText: Bool

  /// `nil` where the operation has no pages.
  public init?(service: ServiceModel, operation: OperationModel) {
    guard let model = operation.paginator else { return nil }
    self.service = service.name
    self.operation = operation
    self.model = model
    let size = model.limitKey.flatMap { key in
      operation.input.flatMap { service.shape(of: $0).member(key) }
    }
    isSizeText = size.map { service.shape(of: $0).kind == .string } ?? false
  }

  /// The first page's input; `pageSize` limits a page where the operation has a way to and the
  /// input does not say a size itself.
  public func first(_ input: Document, pageSize: Int? = nil) -> Document {
    guard let key = model.limitKey, let pageSize, (input[key] ?? .null).isNull,
      case .object(var members) = input
    else { return input }
    members[key] = isSizeText ? .string(String(pageSize)) : .integer(pageSize)
    return .object(members)
  }

  /// The next page's input; `nil` after the last page, which has no token, or an empty one.
  ///
  /// - Throws: `AWSError.pagingStuck` where the output gives the tokens of the input again, or says
  ///   that there is more and gives no token.
  public func next(input: Document, output: Document) throws(AWSError) -> Document? {
    let hasMore = model.moreResults.map { DottedPath.value($0, in: output)?.bool == true }
    if hasMore == false { return nil }
    guard case .object(var members) = input else { return nil }
    var isAdvanced = false
    var tokens: [String] = []
    for (name, path) in zip(model.inputTokens, model.outputTokens) {
      let value = DottedPath.value(path, in: output) ?? .null
      let token = value.isNull || value == "" ? Document?.none : value
      if let token { tokens.append(token.string ?? token.json()) }
      if token != members[name] { isAdvanced = true }
      members[name] = token
    }
    if tokens.isEmpty, hasMore == nil { return nil }
    guard isAdvanced, !tokens.isEmpty else {
      throw .pagingStuck(
        service: service, operation: operation.name, token: tokens.joined(separator: ", "))
    }
    return .object(members)
  }

  /// The pages as one output: the first, with the lists that pages continue joined.
  public func merge(_ pages: [Document]) -> Document {
    guard var merged = pages.first else { return [:] }
    for path in model.resultKeys {
      let lists = pages.compactMap { DottedPath.value(path, in: $0)?.list }
      if !lists.isEmpty {
        merged = DottedPath.setting(path, in: merged, to: .list(lists.flatMap { $0 }))
      }
    }
    return merged
  }
}

/// The part of JMESPath that AWS's paginators use: members by dots, and `a || b` for the first that
/// is present.
enum DottedPath {
  static func value(_ path: String, in document: Document) -> Document? {
    for alternative in alternatives(path) {
      var value: Document? = document
      for name in alternative { value = value?[name] }
      if let value, !value.isNull { return value }
    }
    return nil
  }

  static func setting(_ path: String, in document: Document, to value: Document) -> Document {
    setting(alternatives(path).first?[...] ?? [], in: document, to: value)
  }

  private static func setting(
    _ names: ArraySlice<String>, in document: Document, to value: Document
  ) -> Document {
    guard let name = names.first else { return value }
    var members = document.object ?? [:]
    members[name] = setting(names.dropFirst(), in: members[name] ?? [:], to: value)
    return .object(members)
  }

  private static func alternatives(_ path: String) -> [[String]] {
    path.split(separator: "|").map { alternative in
      alternative.filter { $0 != " " }.split(separator: ".").map(String.init)
    }
  }
}
