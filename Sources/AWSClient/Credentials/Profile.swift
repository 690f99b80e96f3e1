/// One profile of the shared files.
struct Profile: Sendable {
  let name: String
  let configuration: SharedConfiguration

  /// A setting that is not empty.
  subscript(_ setting: String) -> SharedFile.Setting? {
    configuration.setting(setting, profile: name).flatMap { $0.value.isEmpty ? nil : $0 }
  }

  /// The credentials of its keys in one of the two files; `nil` without a key id.
  func keys(in file: SharedConfiguration.File) throws(AWSError) -> StaticCredentials? {
    func setting(_ setting: String) -> SharedFile.Setting? {
      configuration.setting(setting, profile: name, in: file)
        .flatMap { $0.value.isEmpty ? nil : $0 }
    }
    guard let key = setting("aws_access_key_id") else { return nil }
    guard let secret = setting("aws_secret_access_key") else {
      throw .configuration(
        place: key.place, reason: "aws_access_key_id has no aws_secret_access_key beside it")
    }
    return StaticCredentials(
      Credentials(
        accessKeyID: key.value, secretAccessKey: secret.value,
        sessionToken: setting("aws_session_token")?.value))
  }

  /// The role that its settings describe.
  /// - Throws: `configuration` where `duration_seconds` is no number of seconds that STS takes.
  func role(
    _ arn: String, sessionName: String
  ) throws(AWSError) -> AssumeRoleCredentials.Role {
    var seconds: Int?
    if let setting = self["duration_seconds"] {
      guard let number = Int(setting.value), (900...43_200).contains(number) else {
        throw .configuration(
          place: setting.place,
          reason: "duration_seconds `\(setting.value)` is not a number from 900 to 43200")
      }
      seconds = number
    }
    return AssumeRoleCredentials.Role(
      arn: arn, sessionName: self["role_session_name"]?.value ?? sessionName,
      externalID: self["external_id"]?.value, durationSeconds: seconds)
  }
}
