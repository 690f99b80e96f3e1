extension ServiceError {
  /// What the codes that all services share say is wrong with the caller.
  public enum Trouble: Hashable, Sendable {
    /// The key or its signature is not one that AWS knows.
    case unknownKey
    case expiredCredentials
    /// The token of an identity provider.
    case rejectedToken
    case denied
  }

  /// `nil` where the call itself is what is wrong.
  ///
  /// Source: IAM API Reference, "Common Error Types"; EC2 API Reference, "Error codes"; STS API Reference,
  /// `AssumeRoleWithWebIdentity`.
  public var trouble: Trouble? {
    if let known = Self.troubles[code] { return known }
    return status == 403 ? .denied : nil
  }

  private static let troubles: [String: Trouble] = [
    "AuthFailure": .unknownKey,
    "IncompleteSignature": .unknownKey,
    "InvalidAccessKeyId": .unknownKey,
    "InvalidClientTokenId": .unknownKey,
    "InvalidSignatureException": .unknownKey,
    "MissingAuthenticationToken": .unknownKey,
    "SignatureDoesNotMatch": .unknownKey,
    "UnrecognizedClientException": .unknownKey,
    "ExpiredToken": .expiredCredentials,
    "ExpiredTokenException": .expiredCredentials,
    "RequestExpired": .expiredCredentials,
    "TokenRefreshRequired": .expiredCredentials,
    "IDPRejectedClaim": .rejectedToken,
    "InvalidIdentityToken": .rejectedToken,
    "AccessDenied": .denied,
    "AccessDeniedException": .denied,
    "AuthorizationError": .denied,
    "UnauthorizedException": .denied,
    "UnauthorizedOperation": .denied,
  ]
}
