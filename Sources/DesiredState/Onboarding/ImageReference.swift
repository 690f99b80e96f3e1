/// The image of a container as people name it, and how another tag of it is called.
/// Source: ECS API, ContainerDefinition, image: `repository-url/image:tag` or `repository-url/image@digest`.
public enum ImageReference {
  /// The image that a tag, a digest or a whole image means, where another one is used until now.
  ///
  /// - Parameter current: `nil` where none is named; one without a repository is a tag itself.
  public static func named(_ given: String, instead current: String?) -> String {
    let isDigest = given.hasPrefix("sha256:")
    guard isDigest || !given.contains(where: { "/:@".contains($0) }),
      let repository = current.flatMap(repository(of:))
    else { return given }
    return repository + (isDigest ? "@" : ":") + given
  }

  /// `host:5000/web` of `host:5000/web:1`; `nil` of a tag alone.
  private static func repository(of image: String) -> String? {
    if let at = image.firstIndex(of: "@") {
      let named = String(image[..<at])
      return repository(of: named) ?? named
    }
    let name = image.lastIndex(of: "/").map { image.index(after: $0) } ?? image.startIndex
    if let colon = image[name...].firstIndex(of: ":") { return String(image[..<colon]) }
    return name == image.startIndex ? nil : image
  }
}
