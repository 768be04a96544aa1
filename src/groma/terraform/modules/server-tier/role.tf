resource "aws_iam_role" "this" {
  # Roles are global: the region keeps two tiers of one name apart.
  name = "${var.name}-${data.aws_region.current.id}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })

  permissions_boundary = var.permissions_boundary

  tags = { Name = var.name }
}

resource "aws_iam_instance_profile" "this" {
  name = "${var.name}-${data.aws_region.current.id}"
  role = aws_iam_role.this.name

  tags = { Name = var.name }
}

# What the Systems Manager agent needs for a shell through Session Manager, and the CloudWatch agent for its
# metrics: less than AWS's managed policies, which also read every parameter of the account.
resource "aws_iam_role_policy" "agents" {
  #checkov:skip=CKV_AWS_290: none of these actions can be held to a resource; metrics are held to the agent's namespace.
  #checkov:skip=CKV_AWS_355: as above, IAM knows no resource for any of them.
  name = "agents"
  role = aws_iam_role.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "SessionManager"
        Effect = "Allow"
        Action = [
          "ssm:UpdateInstanceInformation",
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel",
        ]
        Resource = "*"
      },
      {
        Sid       = "AgentMetrics"
        Effect    = "Allow"
        Action    = "cloudwatch:PutMetricData"
        Resource  = "*"
        Condition = { StringEquals = { "cloudwatch:namespace" = "CWAgent" } }
      },
      {
        Sid      = "AgentFindsItsGroup"
        Effect   = "Allow"
        Action   = "ec2:DescribeTags"
        Resource = "*"
      },
    ]
  })
}

# What the application itself needs: exactly the objects, prefixes and the secret that are named.
resource "aws_iam_role_policy" "application" {
  count = length(local.application_statements) > 0 ? 1 : 0

  name = "application"
  role = aws_iam_role.this.id

  policy = jsonencode({ Version = "2012-10-17", Statement = local.application_statements })
}

locals {
  application_statements = concat(
    [for name, arn in var.reads : {
      Sid      = "Reads${replace(title(name), "-", "")}"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:GetObjectVersion"]
      Resource = arn
    }],
    [for name, arn in var.writes : {
      Sid      = "Writes${replace(title(name), "-", "")}"
      Effect   = "Allow"
      Action   = ["s3:PutObject"]
      Resource = arn
    }],
    [for arn in var.kms_key_arn[*] : {
      Sid       = "UsesKeyOfObjects"
      Effect    = "Allow"
      Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
      Resource  = arn
      Condition = { StringEquals = { "kms:ViaService" = "s3.${data.aws_region.current.id}.amazonaws.com" } }
    }],
    [for secret in var.secret[*] : {
      Sid      = "ReadsSecret"
      Effect   = "Allow"
      Action   = ["secretsmanager:GetSecretValue"]
      Resource = secret.arn
    }],
    [for secret in var.secret[*] : {
      Sid       = "DecryptsSecret"
      Effect    = "Allow"
      Action    = ["kms:Decrypt"]
      Resource  = secret.kms_key_arn
      Condition = { StringEquals = { "kms:ViaService" = "secretsmanager.${data.aws_region.current.id}.amazonaws.com" } }
    }],
  )
}

resource "aws_iam_role_policy" "extra" {
  for_each = var.instance_policies

  name   = each.key
  role   = aws_iam_role.this.id
  policy = each.value
}
