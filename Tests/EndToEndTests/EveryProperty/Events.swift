/// EventBridge: all properties, in all forms.
extension EveryProperty {
  /// A rule on a schedule and a pattern with a target of each sort, and one that is off.
  static let rules = """
    "Rule": {
      "Type": "AWS::Events::Rule",
      "Properties": {
        "Name": "a-declared-rule",
        "Description": "declared",
        "EventBusName": "default",
        "EventPattern": { "source": ["aws.ec2"], "detail": { "state": ["stopped"] } },
        "ScheduleExpression": "rate(5 minutes)",
        "State": "DISABLED",
        "RoleArn": "\(account("iam", "role/events", region: false))",
        "Tags": [{ "Key": "Name", "Value": "rule" }],
        "Targets": [
          {
            "Id": "queue", "Arn": "\(account("sqs", "events.fifo"))",
            "SqsParameters": { "MessageGroupId": "group" }, "Input": "{\\"a\\":1}",
            "RetryPolicy": { "MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": 600 },
            "DeadLetterConfig": { "Arn": "\(account("sqs", "dead"))" }
          },
          {
            "Id": "function", "Arn": "\(account("lambda", "function:handle"))",
            "InputTransformer": {
              "InputPathsMap": { "state": "$.detail.state" }, "InputTemplate": "\\"it is <state>\\""
            }
          },
          {
            "Id": "stream", "Arn": "\(account("kinesis", "stream/events"))", "InputPath": "$.detail",
            "RoleArn": "\(account("iam", "role/events", region: false))",
            "KinesisParameters": { "PartitionKeyPath": "$.id" }
          },
          {
            "Id": "task", "Arn": "\(account("ecs", "cluster/acme"))",
            "RoleArn": "\(account("iam", "role/events", region: false))",
            "EcsParameters": {
              "TaskDefinitionArn": "\(account("ecs", "task-definition/web"))", "TaskCount": 2,
              "LaunchType": "FARGATE", "PlatformVersion": "LATEST", "Group": "events",
              "EnableECSManagedTags": true, "EnableExecuteCommand": true,
              "PropagateTags": "TASK_DEFINITION", "ReferenceId": "reference",
              "TagList": [{ "Key": "Name", "Value": "task" }],
              "NetworkConfiguration": {
                "AwsVpcConfiguration": {
                  "Subnets": ["subnet-0123456789abcdef0"],
                  "SecurityGroups": ["sg-0123456789abcdef0"], "AssignPublicIp": "ENABLED"
                }
              },
              "CapacityProviderStrategy": [
                { "CapacityProvider": "FARGATE", "Weight": 1, "Base": 1 }
              ],
              "PlacementConstraints": [
                { "Type": "memberOf", "Expression": "attribute:ecs.os-type == linux" }
              ],
              "PlacementStrategies": [{ "Type": "spread", "Field": "host" }]
            }
          },
          {
            "Id": "job", "Arn": "\(account("batch", "job-queue/acme"))",
            "RoleArn": "\(account("iam", "role/events", region: false))",
            "BatchParameters": {
              "JobDefinition": "definition", "JobName": "name", "ArrayProperties": { "Size": 2 },
              "RetryStrategy": { "Attempts": 3 }
            }
          },
          {
            "Id": "api", "Arn": "\(account("events", "api-destination/acme/1"))",
            "RoleArn": "\(account("iam", "role/events", region: false))",
            "HttpParameters": {
              "PathParameterValues": ["path"], "HeaderParameters": { "X-Acme": "yes" },
              "QueryStringParameters": { "q": "1" }
            }
          },
          {
            "Id": "command", "Arn": "arn:aws:ssm:us-east-1::document/AWS-RunShellScript",
            "RoleArn": "\(account("iam", "role/events", region: false))",
            "RunCommandParameters": {
              "RunCommandTargets": [{ "Key": "tag:Name", "Values": ["web"] }]
            }
          },
          {
            "Id": "warehouse", "Arn": "\(account("redshift", "cluster:acme"))",
            "RoleArn": "\(account("iam", "role/events", region: false))",
            "RedshiftDataParameters": {
              "Database": "acme", "DbUser": "user", "Sql": "select 1", "Sqls": ["select 1"],
              "SecretManagerArn": "\(account("secretsmanager", "secret:acme-AbCdEf"))",
              "StatementName": "one", "WithEvent": true
            }
          },
          {
            "Id": "pipeline", "Arn": "\(account("sagemaker", "pipeline/acme"))",
            "RoleArn": "\(account("iam", "role/events", region: false))",
            "SageMakerPipelineParameters": {
              "PipelineParameterList": [{ "Name": "one", "Value": "1" }]
            }
          },
          {
            "Id": "graph", "Arn": "\(account("appsync", "endpoints/graphql-api/acme"))",
            "RoleArn": "\(account("iam", "role/events", region: false))",
            "AppSyncParameters": { "GraphQLOperation": "mutation { a }" }
          },
          { "Id": "topic", "Arn": "\(account("sns", "events"))" }
        ]
      }
    }
    """

  private static func account(_ service: String, _ resource: String, region: Bool = true) -> String
  {
    "arn:aws:\(service):\(region ? "us-east-1" : ""):123456789012:\(resource)"
  }
}
