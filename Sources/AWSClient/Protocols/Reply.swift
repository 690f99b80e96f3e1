import Document

extension ServiceModel {
  /// What a reply says: the operation's output, or the error.
  ///
  /// Outputs have the model's names. Timestamps are seconds since 1970 whatever the wire's format
  /// (`.integer`, `.double` with a fraction), blobs `.data`, numbers and booleans typed by the model,
  /// maps objects. Members that the reply lacks, and nulls, are absent: so are lists that were
  /// empty where the protocol then leaves them out. Members that the model does not know are left
  /// out.
  ///
  /// Failures are `AWSError.service`, with the HTTP status as the code where the body does not
  /// say any, or `.malformedReply` where a successful reply is not what the model promises.
  public func reply(
    _ operation: OperationModel, _ response: HTTPResponse
  ) -> Result<Document, AWSError> {
    guard (200..<300).contains(response.status) else {
      return .failure(.service(serviceError(operation, response)))
    }
    do throws(ReplyMismatch) {
      switch wireProtocol {
      case .ec2, .query: return .success(try queryOutput(operation, response))
      case .json: return .success(try jsonOutput(operation, response))
      case .restJSON: return .success(try restOutput(operation, response))
      case .restXML:
        // S3 may find out that an operation failed after it has sent its status.
        if let error = lateError(operation, response) { return .failure(.service(error)) }
        return .success(try restOutput(operation, response))
      }
    } catch {
      return .failure(
        .malformedReply(
          service: name, operation: operation.name, status: response.status,
          reason: error.reason))
    }
  }

  private func jsonOutput(
    _ operation: OperationModel, _ response: HTTPResponse
  ) throws(ReplyMismatch) -> Document {
    guard let output = operation.output else { return [:] }
    return try jsonValue(try jsonDocument(response.body), output) ?? [:]
  }

  private func queryOutput(
    _ operation: OperationModel, _ response: HTTPResponse
  ) throws(ReplyMismatch) -> Document {
    guard let output = operation.output, !shape(of: output).members.isEmpty else { return [:] }
    let root = try xmlDocument(response.body)
    let wrapper = output.traits.resultWrapper ?? "\(operation.name)Result"
    let start = wireProtocol == .query ? root.child(wrapper) ?? root : root
    return try xmlValue([start], output)
  }

  func jsonDocument(_ body: [UInt8]) throws(ReplyMismatch) -> Document {
    guard !body.isEmpty else { return [:] }
    do throws(ReadingError) {
      return try JSON.read(body)
    } catch {
      throw ReplyMismatch("the body is not JSON: \(error.description)")
    }
  }

  func xmlDocument(_ body: [UInt8]) throws(ReplyMismatch) -> XMLElement {
    do throws(ReadingError) {
      return try XMLElement.read(body)
    } catch {
      throw ReplyMismatch("the body is not XML: \(error.description)")
    }
  }
}

/// Why a reply is not what the model promises. Says nothing of the values, which may be secret.
struct ReplyMismatch: Error {
  var reason: String

  init(_ reason: String) { self.reason = reason }

  init(_ member: Member, isNot expected: String) {
    reason = "'\(member.name)' is not \(expected)"
  }
}
