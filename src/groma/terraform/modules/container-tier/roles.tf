locals {
  # Roles are global: the region keeps two tiers of one name apart.
  roles = { task = "${var.name}-${local.region}", execution = "${var.name}-execution-${local.region}" }

  # Only tasks of this account may take them, whoever else asks ECS.
  trust = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnLike      = { "aws:SourceArn" = "arn:${local.partition}:ecs:${local.region}:${local.account}:*" }
      }
    }]
  })

  # 123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/app:1.4 → its repository; none for other registries.
  ecr = [
    for found in try([regex("^([0-9]{12})\\.dkr\\.ecr(?:-fips)?\\.([a-z0-9-]+)\\.amazonaws\\.com/([^:@]+)", var.container.image)], []) :
    "arn:${local.partition}:ecr:${found[1]}:${found[0]}:repository/${found[2]}"
  ]

  places        = concat(values(var.container.secrets), [for each in var.migration[*] : each.database_url])
  named_secrets = [for place in local.places : split("#", trimprefix(place, "secretsmanager:"))[0] if startswith(place, "secretsmanager:")]
  parameters    = [for place in local.places : place if startswith(place, "/")]
  arns          = [for place in local.places : join(":", slice(split(":", place), 0, 7)) if startswith(place, "arn:") && strcontains(place, ":secretsmanager:")]
  parameter_arns = concat(
    [for place in local.places : place if startswith(place, "arn:") && strcontains(place, ":ssm:")],
    [for name in local.parameters : "arn:${local.partition}:ssm:${local.region}:${local.account}:parameter${name}"],
  )
  secret_arns = concat(
    local.arns,
    [for name in local.named_secrets : "arn:${local.partition}:secretsmanager:${local.region}:${local.account}:secret:${name}-??????"],
  )
}

# What the application and its workers may do: put objects below the prefixes that are named, and what policies say.
resource "aws_iam_role" "task" {
  name                 = local.roles.task
  assume_role_policy   = local.trust
  permissions_boundary = var.permissions_boundary

  tags = { Name = var.name }
}

resource "aws_iam_role_policy" "task" {
  count = length(var.writes) > 0 ? 1 : 0

  name = "application"
  role = aws_iam_role.task.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for name, arn in var.writes : {
      Sid      = "Writes${replace(title(name), "-", "")}"
      Effect   = "Allow"
      Action   = ["s3:PutObject"]
      Resource = arn
    }]
  })
}

resource "aws_iam_role_policy" "named" {
  for_each = var.policies

  name   = each.key
  role   = aws_iam_role.task.id
  policy = each.value
}

# What ECS does for a task before it starts, which the application may not: less than AWS's managed policy, which
# pulls every image of the account and writes to every log.
resource "aws_iam_role" "execution" {
  name                 = local.roles.execution
  assume_role_policy   = local.trust
  permissions_boundary = var.permissions_boundary

  tags = { Name = "${var.name}-execution" }
}

resource "aws_iam_role_policy" "execution" {
  #checkov:skip=CKV_AWS_355: only ecr:GetAuthorizationToken stands on all resources, since it is of none.
  name = "execution"
  role = aws_iam_role.execution.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid      = "Logs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.this.arn}:*"
      }],
      [for logs in [[for group in values(aws_cloudwatch_log_group.worker) : "${group.arn}:*"]] : {
        Sid      = "LogsOfWorkers"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = logs
      } if length(logs) > 0],
      [for logs in [[for group in values(aws_cloudwatch_log_group.run) : "${group.arn}:*"]] : {
        Sid      = "LogsOfRuns"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = logs
      } if length(logs) > 0],
      [for repository in local.ecr : {
        Sid      = "SignsInToRegistry"
        Effect   = "Allow"
        Action   = ["ecr:GetAuthorizationToken"]
        Resource = "*"
      }],
      [for repository in local.ecr : {
        Sid      = "PullsImage"
        Effect   = "Allow"
        Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        Resource = repository
      }],
      [for each in [distinct(local.secret_arns)] : {
        Sid      = "ReadsSecrets"
        Effect   = "Allow"
        Action   = ["secretsmanager:GetSecretValue"]
        Resource = each
      } if length(each) > 0],
      [for each in [distinct(local.parameter_arns)] : {
        Sid      = "ReadsParameters"
        Effect   = "Allow"
        Action   = ["ssm:GetParameters"]
        Resource = each
      } if length(each) > 0],
      [for each in [var.kms_key_arn] : {
        Sid       = "DecryptsSecrets"
        Effect    = "Allow"
        Action    = ["kms:Decrypt"]
        Resource  = each
        Condition = { StringEquals = { "kms:ViaService" = "secretsmanager.${local.region}.amazonaws.com" } }
      } if length(local.arns) > 0],
    )
  })
}
