using RiskWatch.Server.Commands;

return await CommandLine.RunAsync(args);
