import TrueupCore
import XCTest

@testable import Kinds

/// What is known of a resource before it is there is what AWS will make of its name.
final class ForetoldTests: XCTestCase {
  func testARNsAreAsAWSWritesThem() {
    let named = NamedResource(
      name: "n", path: "/p/", account: "123456789012", region: "cn-north-1", partition: "aws-cn",
      urlSuffix: "amazonaws.com.cn")
    let expected = [
      "AWS::IAM::Role Arn": "arn:aws-cn:iam::123456789012:role/p/n",
      "AWS::IAM::InstanceProfile Arn": "arn:aws-cn:iam::123456789012:instance-profile/p/n",
      "AWS::IAM::ManagedPolicy PolicyArn": "arn:aws-cn:iam::123456789012:policy/p/n",
      "AWS::ECR::Repository Arn": "arn:aws-cn:ecr:cn-north-1:123456789012:repository/n",
      "AWS::ECR::Repository RepositoryUri":
        "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/n",
      "AWS::DynamoDB::Table Arn": "arn:aws-cn:dynamodb:cn-north-1:123456789012:table/n",
      "AWS::SQS::Queue Arn": "arn:aws-cn:sqs:cn-north-1:123456789012:n",
      "AWS::ECS::Cluster Arn": "arn:aws-cn:ecs:cn-north-1:123456789012:cluster/n",
      "AWS::SQS::Queue QueueUrl": "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/n",
      "AWS::SNS::Topic TopicArn": "arn:aws-cn:sns:cn-north-1:123456789012:n",
      "AWS::Logs::LogGroup Arn": "arn:aws-cn:logs:cn-north-1:123456789012:log-group:n:*",
      "AWS::CloudWatch::Alarm Arn": "arn:aws-cn:cloudwatch:cn-north-1:123456789012:alarm:n",
      "AWS::S3::Bucket Arn": "arn:aws-cn:s3:::n",
    ]
    var shown: [String: String] = [:]
    for kind in Catalog.standard.kinds {
      for (property, form) in kind.facts.identity.foretold {
        shown["\(kind.type) \(property)"] = form(named)
      }
    }
    XCTAssertEqual(shown, expected)
  }
}
