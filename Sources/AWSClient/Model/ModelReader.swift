import Document

extension ServiceModel {
  /// Reads a model in the form that `Scripts/contracts/generate.py` writes.
  ///
  /// - Throws: `AWSError.configuration` with the place in the model.
  public init(name: String, document: Document) throws(AWSError) {
    let metadata = document["metadata"] ?? [:]
    let protocolName = metadata["protocol"]?.string ?? ""
    guard let wireProtocol = WireProtocol(rawValue: protocolName) else {
      throw ModelReader.failure(
        name, place: "metadata", reason: "the protocol '\(protocolName)' is not spoken")
    }
    let reader = try ModelReader(service: name, shapes: document["shapes"]?.object ?? [:])
    let paginators = document["paginators"]?.object ?? [:]
    var operations: [String: OperationModel] = [:]
    for (operation, source) in document["operations"]?.object ?? [:] {
      operations[operation] = try reader.operation(
        operation, source, paginator: paginators[operation])
    }
    self.name = name
    self.wireProtocol = wireProtocol
    apiVersion = metadata["apiVersion"]?.string ?? ""
    endpointPrefix = metadata["endpointPrefix"]?.string ?? name
    signingName = metadata["signingName"]?.string ?? endpointPrefix
    serviceID = metadata["serviceId"]?.string ?? name
    targetPrefix = metadata["targetPrefix"]?.string
    jsonVersion = metadata["jsonVersion"]?.string
    globalEndpoint = metadata["globalEndpoint"]?.string
    isQueryCompatible = metadata["awsQueryCompatible"] != nil
    self.operations = operations
    shapes = reader.shapes
  }
}

private struct ModelReader {
  let service: String
  let places: [String: Int]
  private(set) var shapes: [Shape]

  static func failure(_ service: String, place: String, reason: String) -> AWSError {
    .configuration(place: "API model of \(service), \(place)", reason: reason)
  }

  init(service: String, shapes sources: [String: Document]) throws(AWSError) {
    self.service = service
    let names = sources.keys.sorted()
    places = Dictionary(
      uniqueKeysWithValues: names.enumerated().map { place, name in (name, place) })
    shapes = []
    for name in names {
      shapes.append(try shape(name, sources[name] ?? [:]))
    }
    // What a use does not say itself is taken from its shape, which may come later in the list.
    let declared = shapes
    func resolved(_ member: Member) -> Member {
      var member = member
      member.traits = member.traits.inheriting(from: declared[member.shape])
      return member
    }
    for place in shapes.indices {
      switch shapes[place].kind {
      case .structure(let members): shapes[place].kind = .structure(members.map(resolved))
      case .list(let member): shapes[place].kind = .list(resolved(member))
      case .map(let key, let value):
        shapes[place].kind = .map(key: resolved(key), value: resolved(value))
      default: break
      }
    }
  }

  func operation(
    _ name: String, _ source: Document, paginator: Document?
  ) throws(AWSError) -> OperationModel {
    var errors: [Int] = []
    for error in source["errors"]?.list ?? [] {
      errors.append(try place(of: error.string, in: "\(name) errors"))
    }
    let checksum = source["httpChecksum"]
    let needsChecksum =
      source["httpChecksumRequired"]?.bool ?? checksum?["requestChecksumRequired"]?.bool ?? false
    let algorithmMember = checksum?["requestAlgorithmMember"]?.string
    return OperationModel(
      name: name,
      method: source["http"]?["method"]?.string ?? "POST",
      requestURI: source["http"]?["requestUri"]?.string ?? "/",
      input: try use(source["input"], name: "input", in: name),
      output: try use(source["output"], name: "output", in: name),
      errors: errors,
      isIdempotent: source["idempotent"]?.bool ?? false,
      hostPrefix: source["endpoint"]?["hostPrefix"]?.string,
      authentication: source["authtype"]?.string == "none" ? .none : .signed,
      hasUnsignedPayload: source["unsignedPayload"]?.bool ?? false,
      checksum: needsChecksum || algorithmMember != nil
        ? .init(isRequired: needsChecksum, algorithmMember: algorithmMember) : nil,
      paginator: paginator.map(Self.paginator))
  }

  private static func paginator(_ source: Document) -> PaginatorModel {
    func strings(_ key: String) -> [String] {
      if let text = source[key]?.string { return [text] }
      return source[key]?.list?.compactMap(\.string) ?? []
    }
    return PaginatorModel(
      inputTokens: strings("input_token"), outputTokens: strings("output_token"),
      limitKey: source["limit_key"]?.string, resultKeys: strings("result_key"),
      moreResults: source["more_results"]?.string)
  }

  private func place(of shape: String?, in place: String) throws(AWSError) -> Int {
    guard let shape, let found = places[shape] else {
      throw Self.failure(service, place: place, reason: "there is no shape '\(shape ?? "")'")
    }
    return found
  }

  /// An operation's input or output. `nil` where there is none.
  private func use(
    _ source: Document?, name: String, in place: String
  ) throws(AWSError) -> Member? {
    guard let source else { return nil }
    var member = try self.member(name, source, in: place)
    member.traits = member.traits.inheriting(from: shapes[member.shape])
    return member
  }

  private func member(
    _ name: String, _ source: Document?, in place: String
  ) throws(AWSError) -> Member {
    let shape = try self.place(of: source?["shape"]?.string, in: "\(place).\(name)")
    return Member(name: name, shape: shape, traits: Self.traits(source ?? [:]))
  }

  private func shape(_ name: String, _ source: Document) throws(AWSError) -> Shape {
    let isError = source["exception"]?.bool == true || source["error"] != nil
    return Shape(
      name: name, kind: try kind(name, source), traits: Self.traits(source),
      required: source["required"]?.list?.compactMap(\.string) ?? [],
      values: source["enum"]?.list?.compactMap(\.string) ?? [],
      minimum: source["min"]?.double, maximum: source["max"]?.double,
      pattern: source["pattern"]?.string, payload: source["payload"]?.string,
      isUnion: source["union"]?.bool ?? false,
      errorCode: isError ? source["error"]?["code"]?.string ?? name : nil)
  }

  private func kind(_ name: String, _ source: Document) throws(AWSError) -> Shape.Kind {
    let type = source["type"]?.string ?? ""
    switch type {
    case "structure" where source["document"]?.bool == true: return .document
    case "structure":
      var members: [Member] = []
      for member in source["members"]?.list ?? [] {
        members.append(try self.member(member["name"]?.string ?? "", member, in: name))
      }
      return .structure(members)
    case "list": return .list(try member("member", source["member"], in: name))
    case "map":
      return .map(
        key: try member("key", source["key"], in: name),
        value: try member("value", source["value"], in: name))
    case "string", "character": return .string
    case "integer", "long", "short", "byte", "bigInteger": return .integer
    case "float", "double", "bigDecimal": return .float
    case "boolean": return .boolean
    case "timestamp": return .timestamp
    case "blob": return .blob
    default:
      throw Self.failure(service, place: "shape \(name)", reason: "the type '\(type)' is not known")
    }
  }

  private static func traits(_ source: Document) -> Traits {
    var traits = Traits()
    traits.location = source["location"]?.string.flatMap(Traits.Location.init)
    traits.locationName = source["locationName"]?.string
    traits.queryName = source["queryName"]?.string
    traits.timestampFormat = source["timestampFormat"]?.string.flatMap(
      Traits.TimestampFormat.init)
    traits.xmlNamespace = source["xmlNamespace"].flatMap { namespace in
      (namespace.string ?? namespace["uri"]?.string).map {
        Traits.Namespace(uri: $0, prefix: namespace["prefix"]?.string)
      }
    }
    traits.resultWrapper = source["resultWrapper"]?.string
    traits.isFlattened = source["flattened"]?.bool ?? false
    traits.isXMLAttribute = source["xmlAttribute"]?.bool ?? false
    traits.isJSONValue = source["jsonvalue"]?.bool ?? false
    traits.isStreaming = source["streaming"]?.bool ?? false
    traits.isEventStream = source["eventstream"]?.bool ?? false
    traits.isIdempotencyToken = source["idempotencyToken"]?.bool ?? false
    traits.isHostLabel = source["hostLabel"]?.bool ?? false
    traits.isSensitive = source["sensitive"]?.bool ?? false
    return traits
  }
}
