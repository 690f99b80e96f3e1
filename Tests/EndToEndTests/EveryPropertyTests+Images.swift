import XCTest

/// Repositories of images.
extension EveryPropertyTests {
  func testRepositories() throws { try assertConverges(EveryProperty.repositories) }
}

extension EveryPropertyResetTests {
  func testRepositories() throws { try assertReset(EveryProperty.repositories, ["Repository"]) }
}

extension EveryPropertyDriftTests {
  func testRepositories() throws {
    let workspace = try applied(EveryProperty.repositories)
    let name = ["repositoryName": "acme/a-declared-repository"]
    func put(_ property: String, _ operation: String, _ members: [String: Any]) -> Case {
      Case(property, "ecr", operation, members.merging(name) { $1 })
    }
    try assertMended(
      workspace, "Repository", "AWS::ECR::Repository",
      [
        put(
          "ImageTagMutability", "put_image_tag_mutability", ["imageTagMutability": "MUTABLE"]),
        put(
          "ImageTagMutabilityExclusionFilters", "put_image_tag_mutability",
          ["imageTagMutability": "MUTABLE"]),
        put(
          "ImageScanningConfiguration", "put_image_scanning_configuration",
          ["imageScanningConfiguration": ["scanOnPush": false]]),
        put("LifecyclePolicy", "delete_lifecycle_policy", [:]),
        put(
          "RepositoryPolicyText", "set_repository_policy",
          [
            "policyText":
              #"{"Version":"2012-10-17","Statement":[{"Sid":"All","Effect":"Allow","Principal":"*","Action":"ecr:*"}]}"#
          ]),
        Case(
          "Tags", "ecr", "tag_resource",
          [
            "resourceArn":
              "arn:aws:ecr:us-east-1:123456789012:repository/acme/a-declared-repository",
            "tags": [["Key": "Name", "Value": "by hand"]],
          ]),
      ])
  }

  func testImagesGoWithTheirRepositoryWhereTheBlueprintSaysSo() throws {
    try assertDeletion(whereItEmpties: true)
  }

  func testARepositoryWithImagesStaysWhereTheBlueprintDoesNotSaySo() throws {
    try assertDeletion(whereItEmpties: false)
  }

  private func assertDeletion(whereItEmpties empties: Bool) throws {
    let workspace = try applied(
      """
      "Repository": {
        "Type": "AWS::ECR::Repository", "DeletionPolicy": "Delete",
        "Properties": { "RepositoryName": "images", "EmptyOnDelete": \(empties) }
      }
      """)
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
