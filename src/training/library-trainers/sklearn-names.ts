/**
 * The regressors and classifiers of scikit-learn 1.9.1 by their paths, each with the names of its options: the parameters of
 * the constructors of `sklearn.utils.all_estimators`.
 */
export const estimatorOptions: Readonly<Record<string, string>> = {
  'calibration.CalibratedClassifierCV': 'estimator method cv n_jobs ensemble',
  'compose.TransformedTargetRegressor': 'regressor transformer func inverse_func check_inverse',
  'cross_decomposition.CCA': 'n_components scale max_iter tol copy',
  'cross_decomposition.PLSCanonical': 'n_components scale algorithm max_iter tol copy',
  'cross_decomposition.PLSRegression': 'n_components scale max_iter tol copy',
  'discriminant_analysis.LinearDiscriminantAnalysis':
    'solver shrinkage priors n_components store_covariance tol covariance_estimator',
  'discriminant_analysis.QuadraticDiscriminantAnalysis':
    'solver shrinkage priors reg_param store_covariance tol covariance_estimator',
  'dummy.DummyClassifier': 'strategy random_state constant',
  'dummy.DummyRegressor': 'strategy constant quantile',
  'ensemble.AdaBoostClassifier': 'estimator n_estimators learning_rate random_state',
  'ensemble.AdaBoostRegressor': 'estimator n_estimators learning_rate loss random_state',
  'ensemble.BaggingClassifier':
    'estimator n_estimators max_samples max_features bootstrap bootstrap_features oob_score warm_start n_jobs random_state verbose',
  'ensemble.BaggingRegressor':
    'estimator n_estimators max_samples max_features bootstrap bootstrap_features oob_score warm_start n_jobs random_state verbose',
  'ensemble.ExtraTreesClassifier':
    'n_estimators criterion max_depth min_samples_split min_samples_leaf min_weight_fraction_leaf max_features max_leaf_nodes min_impurity_decrease bootstrap oob_score n_jobs random_state verbose warm_start class_weight ccp_alpha max_samples monotonic_cst',
  'ensemble.ExtraTreesRegressor':
    'n_estimators criterion max_depth min_samples_split min_samples_leaf min_weight_fraction_leaf max_features max_leaf_nodes min_impurity_decrease bootstrap oob_score n_jobs random_state verbose warm_start ccp_alpha max_samples monotonic_cst',
  'ensemble.GradientBoostingClassifier':
    'loss learning_rate n_estimators subsample criterion min_samples_split min_samples_leaf min_weight_fraction_leaf max_depth min_impurity_decrease init random_state max_features verbose max_leaf_nodes warm_start validation_fraction n_iter_no_change tol ccp_alpha',
  'ensemble.GradientBoostingRegressor':
    'loss learning_rate n_estimators subsample criterion min_samples_split min_samples_leaf min_weight_fraction_leaf max_depth min_impurity_decrease init random_state max_features alpha verbose max_leaf_nodes warm_start validation_fraction n_iter_no_change tol ccp_alpha',
  'ensemble.HistGradientBoostingClassifier':
    'loss learning_rate max_iter max_leaf_nodes max_depth min_samples_leaf l2_regularization max_features max_bins categorical_features monotonic_cst interaction_cst warm_start early_stopping scoring validation_fraction n_iter_no_change tol verbose random_state class_weight',
  'ensemble.HistGradientBoostingRegressor':
    'loss quantile learning_rate max_iter max_leaf_nodes max_depth min_samples_leaf l2_regularization max_features max_bins categorical_features monotonic_cst interaction_cst warm_start early_stopping scoring validation_fraction n_iter_no_change tol verbose random_state',
  'ensemble.RandomForestClassifier':
    'n_estimators criterion max_depth min_samples_split min_samples_leaf min_weight_fraction_leaf max_features max_leaf_nodes min_impurity_decrease bootstrap oob_score n_jobs random_state verbose warm_start class_weight ccp_alpha max_samples monotonic_cst',
  'ensemble.RandomForestRegressor':
    'n_estimators criterion max_depth min_samples_split min_samples_leaf min_weight_fraction_leaf max_features max_leaf_nodes min_impurity_decrease bootstrap oob_score n_jobs random_state verbose warm_start ccp_alpha max_samples monotonic_cst',
  'ensemble.StackingClassifier': 'estimators final_estimator cv stack_method n_jobs passthrough verbose',
  'ensemble.StackingRegressor': 'estimators final_estimator cv n_jobs passthrough verbose',
  'ensemble.VotingClassifier': 'estimators voting weights n_jobs flatten_transform verbose',
  'ensemble.VotingRegressor': 'estimators weights n_jobs verbose',
  'gaussian_process.GaussianProcessClassifier':
    'kernel optimizer n_restarts_optimizer max_iter_predict warm_start copy_X_train random_state multi_class n_jobs',
  'gaussian_process.GaussianProcessRegressor':
    'kernel alpha optimizer n_restarts_optimizer normalize_y copy_X_train n_targets random_state',
  'isotonic.IsotonicRegression': 'y_min y_max increasing out_of_bounds',
  'kernel_ridge.KernelRidge': 'alpha kernel gamma degree coef0 kernel_params',
  'linear_model.ARDRegression':
    'max_iter tol alpha_1 alpha_2 lambda_1 lambda_2 compute_score threshold_lambda fit_intercept copy_X verbose',
  'linear_model.BayesianRidge':
    'max_iter tol alpha_1 alpha_2 lambda_1 lambda_2 alpha_init lambda_init compute_score fit_intercept copy_X verbose',
  'linear_model.ElasticNet':
    'alpha l1_ratio fit_intercept precompute max_iter copy_X tol warm_start positive random_state selection',
  'linear_model.ElasticNetCV':
    'l1_ratio eps alphas fit_intercept precompute max_iter tol cv copy_X verbose n_jobs positive random_state selection',
  'linear_model.GammaRegressor': 'alpha fit_intercept solver max_iter tol warm_start verbose',
  'linear_model.HuberRegressor': 'epsilon max_iter alpha warm_start fit_intercept tol',
  'linear_model.Lars':
    'fit_intercept verbose precompute n_nonzero_coefs eps copy_X fit_path jitter random_state',
  'linear_model.LarsCV': 'fit_intercept verbose max_iter precompute cv max_n_alphas n_jobs eps copy_X',
  'linear_model.Lasso':
    'alpha fit_intercept precompute copy_X max_iter tol warm_start positive random_state selection',
  'linear_model.LassoCV':
    'eps alphas fit_intercept precompute max_iter tol copy_X cv verbose n_jobs positive random_state selection',
  'linear_model.LassoLars':
    'alpha fit_intercept verbose precompute max_iter eps copy_X fit_path positive jitter random_state',
  'linear_model.LassoLarsCV':
    'fit_intercept verbose max_iter precompute cv max_n_alphas n_jobs eps copy_X positive',
  'linear_model.LassoLarsIC':
    'criterion fit_intercept verbose precompute max_iter eps copy_X positive noise_variance',
  'linear_model.LinearRegression': 'fit_intercept copy_X tol n_jobs positive',
  'linear_model.LogisticRegression':
    'penalty C l1_ratio dual tol fit_intercept intercept_scaling class_weight random_state solver max_iter verbose warm_start n_jobs',
  'linear_model.LogisticRegressionCV':
    'Cs l1_ratios fit_intercept cv dual penalty scoring solver tol max_iter class_weight n_jobs verbose refit intercept_scaling random_state use_legacy_attributes',
  'linear_model.MultiTaskElasticNet':
    'alpha l1_ratio fit_intercept copy_X max_iter tol warm_start random_state selection',
  'linear_model.MultiTaskElasticNetCV':
    'l1_ratio eps alphas fit_intercept max_iter tol cv copy_X verbose n_jobs random_state selection',
  'linear_model.MultiTaskLasso': 'alpha fit_intercept copy_X max_iter tol warm_start random_state selection',
  'linear_model.MultiTaskLassoCV':
    'eps alphas fit_intercept max_iter tol copy_X cv verbose n_jobs random_state selection',
  'linear_model.OrthogonalMatchingPursuit': 'n_nonzero_coefs tol fit_intercept precompute',
  'linear_model.OrthogonalMatchingPursuitCV': 'copy fit_intercept max_iter cv n_jobs verbose',
  'linear_model.PassiveAggressiveClassifier':
    'C fit_intercept max_iter tol early_stopping validation_fraction n_iter_no_change shuffle verbose loss n_jobs random_state warm_start class_weight average',
  'linear_model.PassiveAggressiveRegressor':
    'C fit_intercept max_iter tol early_stopping validation_fraction n_iter_no_change shuffle verbose loss epsilon random_state warm_start average',
  'linear_model.Perceptron':
    'penalty alpha l1_ratio fit_intercept max_iter tol shuffle verbose eta0 n_jobs random_state early_stopping validation_fraction n_iter_no_change class_weight warm_start',
  'linear_model.PoissonRegressor': 'alpha fit_intercept solver max_iter tol warm_start verbose',
  'linear_model.QuantileRegressor': 'quantile alpha fit_intercept solver solver_options',
  'linear_model.RANSACRegressor':
    'estimator min_samples residual_threshold is_data_valid is_model_valid max_trials max_skips stop_n_inliers stop_score stop_probability loss random_state',
  'linear_model.Ridge': 'alpha fit_intercept copy_X max_iter tol solver positive random_state',
  'linear_model.RidgeCV': 'alphas fit_intercept scoring cv gcv_mode store_cv_results alpha_per_target',
  'linear_model.RidgeClassifier':
    'alpha fit_intercept copy_X max_iter tol class_weight solver positive random_state',
  'linear_model.RidgeClassifierCV': 'alphas fit_intercept scoring cv class_weight store_cv_results',
  'linear_model.SGDClassifier':
    'loss penalty alpha l1_ratio fit_intercept max_iter tol shuffle verbose epsilon n_jobs random_state learning_rate eta0 power_t early_stopping validation_fraction n_iter_no_change class_weight warm_start average',
  'linear_model.SGDRegressor':
    'loss penalty alpha l1_ratio fit_intercept max_iter tol shuffle verbose epsilon random_state learning_rate eta0 power_t early_stopping validation_fraction n_iter_no_change warm_start average',
  'linear_model.TheilSenRegressor':
    'fit_intercept max_subpopulation n_subsamples max_iter tol random_state n_jobs verbose',
  'linear_model.TweedieRegressor': 'power alpha fit_intercept link solver max_iter tol warm_start verbose',
  'model_selection.FixedThresholdClassifier': 'estimator threshold pos_label response_method',
  'model_selection.TunedThresholdClassifierCV':
    'estimator scoring response_method thresholds cv refit n_jobs random_state store_cv_results',
  'multiclass.OneVsOneClassifier': 'estimator n_jobs',
  'multiclass.OneVsRestClassifier': 'estimator n_jobs verbose',
  'multiclass.OutputCodeClassifier': 'estimator code_size random_state n_jobs',
  'multioutput.ClassifierChain': 'estimator order cv chain_method random_state verbose',
  'multioutput.MultiOutputClassifier': 'estimator n_jobs',
  'multioutput.MultiOutputRegressor': 'estimator n_jobs',
  'multioutput.RegressorChain': 'estimator order cv random_state verbose',
  'naive_bayes.BernoulliNB': 'alpha force_alpha binarize fit_prior class_prior',
  'naive_bayes.CategoricalNB': 'alpha force_alpha fit_prior class_prior min_categories',
  'naive_bayes.ComplementNB': 'alpha force_alpha fit_prior class_prior norm',
  'naive_bayes.GaussianNB': 'priors var_smoothing',
  'naive_bayes.MultinomialNB': 'alpha force_alpha fit_prior class_prior',
  'neighbors.KNeighborsClassifier': 'n_neighbors weights algorithm leaf_size p metric metric_params n_jobs',
  'neighbors.KNeighborsRegressor': 'n_neighbors weights algorithm leaf_size p metric metric_params n_jobs',
  'neighbors.NearestCentroid': 'metric shrink_threshold priors',
  'neighbors.RadiusNeighborsClassifier':
    'radius weights algorithm leaf_size p metric outlier_label metric_params n_jobs',
  'neighbors.RadiusNeighborsRegressor': 'radius weights algorithm leaf_size p metric metric_params n_jobs',
  'neural_network.MLPClassifier':
    'hidden_layer_sizes activation solver alpha batch_size learning_rate learning_rate_init power_t max_iter shuffle random_state tol verbose warm_start momentum nesterovs_momentum early_stopping validation_fraction beta_1 beta_2 epsilon n_iter_no_change max_fun',
  'neural_network.MLPRegressor':
    'loss hidden_layer_sizes activation solver alpha batch_size learning_rate learning_rate_init power_t max_iter shuffle random_state tol verbose warm_start momentum nesterovs_momentum early_stopping validation_fraction beta_1 beta_2 epsilon n_iter_no_change max_fun',
  'semi_supervised.LabelPropagation': 'kernel gamma n_neighbors max_iter tol n_jobs',
  'semi_supervised.LabelSpreading': 'kernel gamma n_neighbors alpha max_iter tol n_jobs',
  'semi_supervised.SelfTrainingClassifier': 'estimator threshold criterion k_best max_iter verbose',
  'svm.LinearSVC':
    'penalty loss dual tol C multi_class fit_intercept intercept_scaling class_weight verbose random_state max_iter',
  'svm.LinearSVR': 'epsilon tol C loss fit_intercept intercept_scaling dual verbose random_state max_iter',
  'svm.NuSVC':
    'nu kernel degree gamma coef0 shrinking probability tol cache_size class_weight verbose max_iter decision_function_shape break_ties random_state',
  'svm.NuSVR': 'nu C kernel degree gamma coef0 shrinking tol cache_size verbose max_iter',
  'svm.SVC':
    'C kernel degree gamma coef0 shrinking probability tol cache_size class_weight verbose max_iter decision_function_shape break_ties random_state',
  'svm.SVR': 'kernel degree gamma coef0 tol C epsilon shrinking cache_size verbose max_iter',
  'tree.DecisionTreeClassifier':
    'criterion splitter max_depth min_samples_split min_samples_leaf min_weight_fraction_leaf max_features random_state max_leaf_nodes min_impurity_decrease class_weight ccp_alpha monotonic_cst',
  'tree.DecisionTreeRegressor':
    'criterion splitter max_depth min_samples_split min_samples_leaf min_weight_fraction_leaf max_features random_state max_leaf_nodes min_impurity_decrease ccp_alpha monotonic_cst',
  'tree.ExtraTreeClassifier':
    'criterion splitter max_depth min_samples_split min_samples_leaf min_weight_fraction_leaf max_features random_state max_leaf_nodes min_impurity_decrease class_weight ccp_alpha monotonic_cst',
  'tree.ExtraTreeRegressor':
    'criterion splitter max_depth min_samples_split min_samples_leaf min_weight_fraction_leaf max_features random_state min_impurity_decrease max_leaf_nodes ccp_alpha monotonic_cst',
};
