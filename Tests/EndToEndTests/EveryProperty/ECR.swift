/// ECR: all properties.
extension EveryProperty {
  static let repositories = """
    "Repository": {
      "Type": "AWS::ECR::Repository",
      "Properties": {
        "RepositoryName": "acme/a-declared-repository",
        "ImageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
        "ImageTagMutabilityExclusionFilters": [
          {
            "ImageTagMutabilityExclusionFilterType": "WILDCARD",
            "ImageTagMutabilityExclusionFilterValue": "latest*"
          }
        ],
        "ImageScanningConfiguration": { "ScanOnPush": true },
        "EncryptionConfiguration": { "EncryptionType": "KMS", "KmsKey": "\(key)" },
        "EmptyOnDelete": true,
        "LifecyclePolicy": {
          "RegistryId": "123456789012",
          "LifecyclePolicyText": "{\\"rules\\":[{\\"rulePriority\\":1,\\"description\\":\\"few\\",\\"selection\\":{\\"tagStatus\\":\\"untagged\\",\\"countType\\":\\"imageCountMoreThan\\",\\"countNumber\\":5},\\"action\\":{\\"type\\":\\"expire\\"}}]}"
        },
        "RepositoryPolicyText": {
          "Version": "2012-10-17",
          "Statement": [
            { "Sid": "Pull", "Effect": "Allow",
              "Principal": { "AWS": { "Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root" } },
              "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"] }
          ]
        },
        "Tags": [{ "Key": "Name", "Value": "repository" }]
      }
    }
    """
}
