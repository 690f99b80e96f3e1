import Document

/// The API model of one service, as far as its selected operations need it.
public struct ServiceModel: Sendable {
  public enum WireProtocol: String, Hashable, Sendable {
    case ec2
    case query
    case json
    case restJSON = "rest-json"
    case restXML = "rest-xml"
  }

  /// botocore's name of the service, `resourcegroupstaggingapi`.
  public let name: String
  public let wireProtocol: WireProtocol
  public let apiVersion: String
  /// The first label of the service's regional host names.
  public let endpointPrefix: String
  /// The service's name in signatures.
  public let signingName: String
  /// The service's name for people, and in `AWS_ENDPOINT_URL_<SERVICE>`.
  public let serviceID: String
  /// `X-Amz-Target` up to the dot (json).
  public let targetPrefix: String?
  /// `1.0` or `1.1` (json).
  public let jsonVersion: String?
  /// The host of a service that has one endpoint for all regions.
  public let globalEndpoint: String?
  /// Whether the service spoke the query protocol once, and still names errors as then.
  public let isQueryCompatible: Bool
  public let operations: [String: OperationModel]
  let shapes: [Shape]

  /// The operation of that name.
  ///
  /// - Throws: `AWSError.unknownOperation`.
  public func operation(_ name: String) throws(AWSError) -> OperationModel {
    guard let operation = operations[name] else {
      throw .unknownOperation(service: self.name, operation: name)
    }
    return operation
  }

  /// The shape that a member has.
  public func shape(of member: Member) -> Shape { shapes[member.shape] }
}
