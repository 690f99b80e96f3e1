import XCTest

/// Repositories of images.
final class ImageTests: EndToEndTestCase {
  func testImagesGoWithTheirRepositoryWhereTheBlueprintSaysSo() throws {
    try assertDeletion(whereItEmpties: true)
  }

  func testARepositoryWithImagesStaysWhereTheBlueprintDoesNotSaySo() throws {
    try assertDeletion(whereItEmpties: false)
  }

  private func assertDeletion(whereItEmpties empties: Bool) throws {
    let workspace = try workspace(
      """
      "Repository": {
        "Type": "AWS::ECR::Repository", "DeletionPolicy": "Delete",
        "Properties": { "RepositoryName": "images", "EmptyOnDelete": \(empties) }
      }
      """)
    try converge(workspace)
    try endpoint.aws(
      "ecr", "put_image",
      [
        "repositoryName": "images", "imageTag": "one",
        "imageManifest":
          #"{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":1,"digest":"sha256:aa"},"layers":[]}"#,
      ])
    try workspace.write(
      "desired-state/blueprints/base.jsonc",
      Fixtures.blueprint(#""Topic": { "Type": "AWS::SNS::Topic", "Properties": {} }"#))
    try workspace.commit("No repository")
    let applied = try report(workspace, "apply", "--yes", exits: empties ? 0 : 1)
    XCTAssertEqual(
      applied.change("Repository")?.json["outcome"].string, empties ? "succeeded" : "failed",
      "\(applied.json)")
    let left = try endpoint.aws("ecr", "describe_repositories")["repositories"].array
    XCTAssertEqual(left.isEmpty, empties)
  }
}
